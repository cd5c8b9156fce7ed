"""The worker in this process: its threads start with the web or alone, and end with it. Alone it loads no web."""

import gc
import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from plugin import logs
from plugin.asking.deferring import DeferredAsks
from plugin.asking.refusals import KIND
from plugin.command import WrongUse, prepare
from plugin.config import Settings
from plugin.crm import polls
from plugin.crm.connections import Connections
from plugin.crm.handlers import handlers
from plugin.crm.keeping import looks
from plugin.crm.mending import mend
from plugin.crm.reconciling.nights import plan
from plugin.deliveries.pruning import PRUNING
from plugin.deliveries.timers import Schedule
from plugin.deliveries.verdicts import Handler
from plugin.deliveries.worker import Worker
from plugin.evidence.pruning import PRUNING as EVIDENCE
from plugin.mail import bounces
from plugin.mail.office import Office
from plugin.messages import automatic, mails, stepping
from plugin.operate.until_told import until_told
from plugin.overview import alerts
from plugin.services import Services
from plugin.themes import sweep as themes
from plugin.triggers import finding, looking
from plugin.triggers.deciding import TriggerEvents
from plugin.wiring import build_services

log = structlog.get_logger()

PATIENCE = 8.0  # a call to a CRM may take longer; its outcome is then looked up after the restart


def _handlers(shared: Services) -> Mapping[str, Handler]:
    """The most urgent first."""
    office = Office.of(shared)
    return {
        **handlers(Connections(shared)),
        alerts.KIND: alerts.Alerts(shared, office),
        **mails.handlers(shared, office),
        stepping.KIND: stepping.Steps(shared, automatic.go),
        KIND: DeferredAsks(shared),
        finding.KIND: TriggerEvents(shared),
        themes.KIND: themes.ReadThemes(shared),
    }


def _schedules(shared: Services) -> Sequence[Schedule]:
    usual = (
        PRUNING,
        EVIDENCE,
        polls.planning(shared.clock),
        looking.planning(shared.clock),
        looks.planning(shared.clock),
        themes.planning(),
        automatic.planning(shared),
    )
    return (*usual, alerts.schedule(shared)) if shared.settings.sends_mail else usual


def start_workers(shared: Services, *, threads: int) -> Callable[[], None]:
    """Starts *threads* of work; what is returned stops them and waits for the calls in hand."""
    mend(shared)
    with shared.database.write() as connection:
        plan(connection, shared.clock.now())
        polls.ensure(connection, shared.clock)
        looking.ensure(connection, shared.clock)
        looks.ensure(connection, shared.clock)
        themes.ensure(connection)
        bounces.ensure(connection, shared)
        stepping.ensure(connection, shared.clock.now())
    over = threading.Event()
    worker = Worker(
        shared.database,
        _handlers(shared),
        clock=shared.clock,
        wake=shared.wake,
        workers=threads,
        schedules=_schedules(shared),
    )
    # A daemon: a call that hangs must not keep a stopped process alive.
    thread = threading.Thread(target=worker.run, args=(over,), name="worker", daemon=True)
    thread.start()
    log.info("worker_started", threads=threads)

    def stop() -> None:
        over.set()
        shared.wake.set()
        thread.join(PATIENCE)
        if thread.is_alive():
            log.warning("worker_left_a_call", after_seconds=PATIENCE)
        log.info("worker_ended")

    return stop


def run_worker(settings: Settings, threads: int) -> int:
    """Background work only, until SIGTERM or SIGINT. Raises ``WrongUse`` on SQLite."""
    if settings.embedded:
        raise WrongUse("On SQLite the worker runs inside `gensvar serve`: start that.")
    prepare(settings)
    logs.configure(settings.log_level)
    with until_told() as told:
        stop = start_workers(build_services(settings), threads=threads)
        gc.freeze()  # its end need not look through what is loaded
        told.wait()
        stop()
    return 0
