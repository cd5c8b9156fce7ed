"""``gensvar demo``, ``serve``, ``worker``, ``migrate``, ``sandbox``, ``keys``, ``doctor`` and ``openapi``.

What a command needs is imported when it runs: ``--help`` must not wait for a web server to load.
"""

import argparse

from plugin.command import Commands, add, add_json

PORTS = range(1, 65_536)


def add_commands(commands: Commands) -> None:
    _add_demo(commands)
    _add_serve(commands)
    _add_worker(commands)
    migrate = add(commands, "migrate", "bring the database to this version", _migrate)
    add_json(migrate)
    _add_sandbox(commands)
    _add_keys(commands)
    doctor = add(commands, "doctor", "look at everything, and say what to do", _doctor)
    add_json(doctor)
    add(commands, "openapi", "print the HTTP surface as OpenAPI 3.1", _openapi)


def port(text: str) -> int:
    """A port as it is typed."""
    if not text.isascii() or not text.isdigit() or int(text) not in PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are 1 to 65535")
    return int(text)


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in range(1, 65):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _add_demo(commands: Commands) -> None:
    demo = add(commands, "demo", "see it: plugin, both CRMs and a mailbox on this machine", _demo)
    demo.add_argument(
        "--port", type=port, default=8000, metavar="N", help="uses N to N+5; 8000 unless told"
    )


def _add_serve(commands: Commands) -> None:
    serve = add(commands, "serve", "serve the web, with the worker beside it", _serve)
    serve.add_argument("--host", default="127.0.0.1", metavar="H", help="where to listen")
    serve.add_argument("--port", type=port, default=8000, metavar="N")
    serve.add_argument(
        "--processes", type=positive, default=1, metavar="N", help="web processes (PostgreSQL only)"
    )
    serve.add_argument(
        "--no-worker", action="store_true", help="only the web; `gensvar worker` does the rest"
    )


def _add_worker(commands: Commands) -> None:
    worker = add(commands, "worker", "background work only (PostgreSQL)", _worker)
    worker.add_argument(
        "--threads", type=positive, default=4, metavar="N", help="CRM accounts served at once"
    )


def _add_sandbox(commands: Commands) -> None:
    sandbox = add(commands, "sandbox", "only the sandbox CRMs and the mail catcher", _sandbox)
    for name, usual, what in (
        ("hubspot", 8002, "the sandbox HubSpot"),
        ("salesforce", 8003, "the sandbox Salesforce"),
        ("mail", 8004, "SMTP; the page with the mails is on the next port"),
    ):
        sandbox.add_argument(
            f"--{name}-port", type=port, default=usual, metavar="N", help=f"{what}; {usual}"
        )
    add_json(sandbox)


def _add_keys(commands: Commands) -> None:
    keys = add(commands, "keys", "replace the keys that sign links or seal stored tokens", _keys)
    keys.add_argument("verb", choices=("rotate",))
    keys.add_argument("which", choices=("signing", "encryption"))
    keys.add_argument("--out", metavar="F", help="write the new key list into this file (mode 600)")
    add_json(keys)


def _demo(args: argparse.Namespace) -> int:
    from plugin.operate.demo.folder import held
    from plugin.operate.demo.ports import Ports

    ports = Ports(args.port)
    ports.check()
    with held() as folder:  # who may not start is told before all of it is loaded
        from plugin.operate.demo.run import demo

        return demo(ports, folder)


def _serve(args: argparse.Namespace) -> int:
    from plugin import config
    from plugin.command import show
    from plugin.operate.serve import serve

    given, settings = config.read(), config.load()
    if not given.admin_token and settings.base_url:
        kept = settings.instance / "admin-token"
        show(args, None, [f"{settings.base_url}/admin/ opens with the token in {kept}"])
    return serve(
        settings,
        host=args.host,
        port=args.port,
        processes=args.processes,
        with_worker=not args.no_worker,
    )


def _worker(args: argparse.Namespace) -> int:
    from plugin import config
    from plugin.operate.work import run_worker

    return run_worker(config.load(), args.threads)


def _migrate(args: argparse.Namespace) -> int:
    from plugin.operate.migrating import migrate

    return migrate(args)


def _sandbox(args: argparse.Namespace) -> int:
    from plugin.operate.sandbox import sandbox

    return sandbox(args)


def _keys(args: argparse.Namespace) -> int:
    from plugin.operate.keys import rotate

    return rotate(args)


def _doctor(args: argparse.Namespace) -> int:
    from plugin.operate.doctor.command import doctor

    return doctor(args)


def _openapi(args: argparse.Namespace) -> int:
    from plugin.command import show
    from plugin.operate.openapi import document

    args.json = True
    show(args, document(), [])
    return 0
