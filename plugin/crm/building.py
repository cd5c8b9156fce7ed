"""build: the files that go into a CRM, derived from the manifest."""

import argparse
import ipaddress
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from connectors import build
from connectors.hubspot.app import PROFILE, PROFILE_FILE
from plugin.addresses import url
from plugin.command import Commands, WrongUse, add, add_json, note, show
from plugin.crm.clients import CRM_NAMES
from plugin.errors import Problem

EXAMPLE = "for example --base-url https://nps.example.com"
# The file by which a folder of ours is known, and what stands in it.
OURS = {"hubspot": ("hsproject.json", '"gensvar-'), "salesforce": ("package.xml", "Gensvar_")}


def add_commands(commands: Commands) -> None:
    building = add(
        commands, "build", "write the files for a CRM that follow from manifest.json", _build
    )
    building.add_argument("crm", choices=sorted(CRM_NAMES), metavar="hubspot|salesforce")
    building.add_argument(
        "--base-url", metavar="U", help="the public https address of this Gensvar (HubSpot)"
    )
    building.add_argument(
        "--account",
        metavar="N",
        type=_number,
        help="the HubSpot account the project is uploaded to",
    )
    building.add_argument("--out", metavar="DIR", type=Path, help="a new folder, or one of ours")
    building.add_argument(
        "--check", action="store_true", help="compare only; exit 1 if anything differs"
    )
    add_json(building)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be the account's number, for example 12345678")
    return int(text)


def _build(args: argparse.Namespace) -> int:
    if args.crm == "hubspot" and args.base_url and not args.out and not args.check:
        args.out = Path("build") / "hubspot"  # an address is never written into the program
    folder = args.out or build.FOLDERS[args.crm]
    made = _made(args)
    if args.check:
        return _compare(args, made, folder)
    if args.out:
        _usable(args.crm, args.out)
    written = build.write(made, folder)
    show(args, {"folder": str(folder), "written": written}, _lines(args, folder, written))
    return 0


def _made(args: argparse.Namespace) -> Mapping[str, bytes]:
    """What is to stand in the folder: in the program's own only what is derived, elsewhere all of it."""
    if args.crm == "salesforce":
        if args.base_url or args.account:
            note("The package for Salesforce needs no address and no account: both are left out.")
        return build.files("salesforce")
    if args.out is None:
        return build.files("hubspot")
    return build.hubspot_project(public(args.base_url), args.account or _account_in(args.out))


def public(base_url: str | None) -> str:
    """An address that HubSpot can call; raises ``WrongUse`` with what is wrong with it."""
    if not base_url:
        raise WrongUse(f"Say under which address HubSpot reaches this Gensvar, {EXAMPLE}.")
    try:
        address = url(base_url)
    except ValueError as error:
        raise WrongUse(f"--base-url must be {error}, not {base_url}.") from None
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise WrongUse(f"HubSpot calls only https addresses, not {base_url}; {EXAMPLE}.")
    if _at_home(parts.hostname or ""):
        raise WrongUse(
            f"HubSpot cannot reach {base_url} from outside. Give the public address, {EXAMPLE}."
        )
    return address


def _at_home(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def _usable(crm: str, folder: Path) -> None:
    """Raises ``Problem`` for a folder that holds something which is not ours."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    name, mark = OURS[crm]
    known = folder / name
    if not known.is_file() or mark not in known.read_text("utf-8", errors="replace"):
        words = (
            f"{folder} holds something else. Nothing was written: give an empty or a new folder."
        )
        raise Problem("field_invalid", words)


def _account_in(folder: Path) -> int:
    """The account somebody has entered in the profile there, so that building again keeps it."""
    try:
        account = json.loads((folder / PROFILE_FILE).read_text("utf-8"))["accountId"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return account if isinstance(account, int) else 0


def _compare(args: argparse.Namespace, made: Mapping[str, bytes], folder: Path) -> int:
    stale = build.differences(made, folder)
    lines = [f"{path} differs from the manifest" for path in stale]
    show(args, {"folder": str(folder), "differs": stale}, lines or ["Nothing differs."])
    return 1 if stale else 0


def _lines(args: argparse.Namespace, folder: Path, written: list[str]) -> list[str]:
    lines = [f"{path} written" for path in written] or ["Nothing had to be written."]
    if args.crm == "hubspot" and args.out:
        lines += _next_steps(folder)
    return lines


def _next_steps(folder: Path) -> list[str]:
    account = (
        "" if _account_in(folder) else f"Enter your account's id in {folder / PROFILE_FILE}, then:"
    )
    return [
        "",
        *filter(None, [account]),
        f"  cd {folder}",
        f"  hs project upload --profile {PROFILE}",
    ]
