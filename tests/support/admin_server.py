"""The administrator's pages in a real browser: a server on a port of its own, by the name localhost."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from werkzeug.serving import make_server

from plugin.app import create_app
from plugin.services import Services
from plugin.wiring import build_services
from tests.support.admin import MovedClock, settings


@contextmanager
def served(database_url: str) -> Iterator[Services]:
    """The services behind a running server; its address is ``settings.base_url``."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    waiting = make_server("localhost", 0, lambda *_: [], threaded=True)
    base_url = f"http://localhost:{waiting.server_port}"
    services = build_services(replace(settings(database_url), base_url=base_url), MovedClock())
    waiting.app = create_app(services)
    thread = threading.Thread(target=waiting.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield services
    waiting.shutdown()
    thread.join()
    waiting.server_close()
    services.database.close()
