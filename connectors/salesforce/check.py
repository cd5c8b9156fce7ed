"""What differs between manifest and org, or is missing to work, and what to do about it."""

from collections.abc import Collection, Iterator, Mapping

from connectors import http
from connectors.accounts import Connection, Finding
from connectors.errors import Clash, MissingRight, NeedsReconnect, Refused
from connectors.manifest import manifest
from connectors.protocol import Tokens
from connectors.salesforce import oauth
from connectors.salesforce.client import Org
from connectors.salesforce.differences import clash, lacking_sets, missing
from connectors.salesforce.install import refused_before
from connectors.salesforce.look import Look, connected_user, look
from connectors.salesforce.members import Member

AGAIN = "Run the install again: it puts back only what is missing."
WORDS = {
    "CustomField": ("field", "The field {} is missing or was changed."),
    "CustomObject": ("object_missing", "The object {} is missing."),
    "CustomTab": ("tab_missing", "The tab {} is missing."),
    "ListView": ("list_view_missing", "The list view {} is missing."),
    "ValidationRule": ("rule_missing", "The rule {} is missing."),
    "Translations": (
        "translation_missing",
        "The panel's texts are not all there in the language {}.",
    ),
    "LightningComponentBundle": ("panel_missing", "The panel {} is missing or an older one."),
}


def check(org: Org, connection: Connection, tokens: Tokens) -> list[Finding]:
    """All findings; raises ``NeedsReconnect`` or ``Unreachable`` where nothing can be seen."""
    retired = _retired(connection)
    if retired:
        return [retired]
    try:
        seen = look(org)
        clash(seen)
    except (Clash, MissingRight) as error:
        return [Finding(error.code, error.detail, "Then check again.")]
    without = refused_before(connection.capabilities)
    return [
        *_missing(seen, without),
        *_permissions(seen, without),
        *_languages(connection.capabilities),
        *_people(org, seen, connection),
        *_rights(seen),
        *_scopes(connection, tokens),
    ]


def _retired(connection: Connection) -> Finding | None:
    """Asked without a token: the list of versions needs none."""
    try:
        with http.session(loopback=connection.loopback) as session:
            answer = session.get(f"{connection.api_url}/services/data/")
            versions = {entry.get("version") for entry in answer.json()}
    except (*http.TRANSPORT_ERRORS, ValueError, AttributeError):
        return None  # the calls that follow say it better
    if not versions or connection.api_version in versions:
        return None
    what = f"Salesforce no longer offers API version {connection.api_version}."
    return Finding("api_version_retired", what, "Update Gensvar.")


def _missing(seen: Look, without: Collection[Member]) -> Iterator[Finding]:
    shown = {
        f"{o}.{f['name']}"
        for o, d in seen.described.items()
        for f in (d or {"fields": []})["fields"]
    }
    lacking = sorted(missing(seen, without))
    for member in lacking:
        if member.type in ("PermissionSet", "CustomLabel"):
            continue
        code, words = WORDS[member.type]
        if member.type == "CustomField":
            code = _field_code(member, shown)
        fatal = member.type in ("CustomField", "CustomObject")
        yield Finding(code, words.format(member.name), AGAIN, fatal=fatal)
    labels = sum(member.type == "CustomLabel" for member in lacking)
    if labels:
        yield Finding(
            "label_missing",
            f"{labels} of the panel's texts are missing or older ones.",
            AGAIN,
            fatal=False,
        )


def _languages(capabilities: Mapping[str, str]) -> Iterator[Finding]:
    """The panel works without them, in English."""
    for language in capabilities.get("translations_refused", "").split():
        what = (
            f"The org does not take the panel's texts in the language {language}; it shows English."
        )
        do = (
            "Setup, Translation Language Settings: enable Translation Workbench and add the language. "
            "Then run the install again."
        )
        yield Finding("language_off", what, do, fatal=False)


def _field_code(member: Member, shown: set[str]) -> str:
    there = member.name.replace("Activity.", "Task.") in shown
    return "field_changed" if there else "field_missing"


def _permissions(seen: Look, without: Collection[Member]) -> Iterator[Finding]:
    for name, lacks in lacking_sets(seen, without).items():
        if name not in seen.sets:
            what = f"The permission set {name} is missing."
            yield Finding("permission_set_missing", what, AGAIN)
        else:
            what = f"The permission set {name} does not grant {', '.join(lacks)}."
            yield Finding("permission_missing", what, AGAIN)


def _people(org: Org, seen: Look, connection: Connection) -> Iterator[Finding]:
    ours = manifest().salesforce
    _, user = connected_user(org, loopback=connection.loopback)
    if ours.integration.name in seen.sets and not seen.holds(user, ours.integration.name):
        what = f"The connected user does not hold {ours.integration.label}."
        yield Finding("not_assigned", what, AGAIN)
    viewers = [h for h in seen.holders if h.set_name == ours.viewer.name and h.active]
    if not viewers:
        what = "Nobody but the connected user can see the NPS fields."
        do = f"Choose viewers, or assign {ours.viewer.label} in Salesforce."
        yield Finding("no_viewer", what, do, fatal=False)


def _rights(seen: Look) -> Iterator[Finding]:
    for name, right in (("Contact", "updateable"), ("Task", "createable")):
        described = seen.described[name]
        if described is None or described.get(right) is False:
            what = f"The connected user may not change {name} records."
            do = f"Give the user a profile or permission set with edit access to {name}."
            yield Finding("right_missing", what, do)


def _scopes(connection: Connection, tokens: Tokens) -> Iterator[Finding]:
    if connection.client is None:
        return
    try:
        have = oauth.granted_scopes(
            connection.client, connection.api_url, tokens.access(), loopback=connection.loopback
        )
    except (MissingRight, Refused, NeedsReconnect):
        return
    for scope in oauth.missing_scopes(have) if have is not None else ():
        why = manifest().salesforce.scopes.required[scope]
        what = f"The scope {scope} is not granted: it is needed {why}."
        yield Finding("scope_missing", what, "Add it to the client app and connect again.")
