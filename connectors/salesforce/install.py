"""Putting the package into an org and taking it out again, in steps that survive a restart.

The state between steps is ``""`` or ``deploy:<id>``, then ``:<name>`` for each optional part that the org has
refused and the install goes on without: ``keyless`` for the unique field on activities, or a language.
"""

import time
from collections.abc import Collection, Mapping, Sequence

from simple_salesforce.format import format_soql

from connectors.accounts import Setup, Step
from connectors.errors import Clash, MissingRight, Refused
from connectors.manifest import manifest
from connectors.salesforce import deploys, ids, task_removal
from connectors.salesforce.client import BATCH, Org, Row
from connectors.salesforce.completing import closed_status
from connectors.salesforce.differences import clash, missing, present, removable
from connectors.salesforce.look import HOLDERS, Look, connected_user, describe, look
from connectors.salesforce.members import Member, task_key
from connectors.salesforce.metadata import optional, package, removal
from connectors.salesforce.rows import refused_for

KEYLESS = "keyless"
PATIENCE = 9.0  # seconds that a dry run waits for Salesforce


def plan(org: Org, capabilities: Mapping[str, str], *, loopback: bool) -> list[Step]:
    """What ``apply`` would do, tried by a deploy that is only checked; raises ``Clash``."""
    without = refused_before(capabilities)
    seen = look(org)
    clash(seen)
    wanted = frozenset(missing(seen, without))
    steps = _steps(seen, wanted)
    if wanted:
        steps += _checked(org, wanted, without)
    _, user = connected_user(org, loopback=loopback)
    integration = manifest().salesforce.integration
    if not seen.holds(user, integration.name):
        steps.append(Step("assign", f"{integration.label} to the connected user"))
    return steps


def _steps(seen: Look, wanted: Collection[Member]) -> list[Step]:
    """A step each, but one for all labels: nobody wants to read a hundred names."""
    here = present(seen)
    steps = [
        Step("change" if member in here or member.name in seen.sets else "create", str(member))
        for member in sorted(wanted)
        if member.type != "CustomLabel"
    ]
    labels = sum(member.type == "CustomLabel" for member in wanted)
    return [*steps, Step("create", f"{labels} custom labels")] if labels else steps


def apply(org: Org, state: str, capabilities: Mapping[str, str], *, loopback: bool) -> Setup:
    """One step; raises ``Clash``, ``MissingRight`` or ``Refused``."""
    if state.startswith("deploy:"):
        _, deploy_id, *flags = state.split(":")
        return _poll(org, deploy_id, _members(flags), loopback=loopback)
    # Whoever installs again has perhaps switched the languages on: they are tried anew.
    without = refused_before(capabilities) & {task_key(manifest())}
    seen = look(org)
    clash(seen)
    if manifest().salesforce.integration.name in seen.sets:
        # Fields that were deployed but never assigned are not shown to us before this.
        _, user = connected_user(org, loopback=loopback)
        if not seen.holds(user, manifest().salesforce.integration.name):
            _assign(org, seen, user)
            seen = look(org)
            clash(seen)
    return _deploy(org, seen, without, loopback=loopback)


def remove(org: Org, state: str, *, delete_data: bool) -> Setup:
    """One step: tasks if data goes too, then assignments and one destructive deploy."""
    if state.startswith("deploy:"):
        done = deploys.progress(org, state.split(":")[1])
        if done.done and not done.succeeded:
            raise _kept(done)
        return Setup(done.done, "" if done.done else state, words=done.words)
    if delete_data and task_removal.bin_some(org):
        return Setup(done=False, words="Deleting tasks.")
    seen = look(org)
    _unassign(org, seen)
    unwanted = removable(seen, delete_data=delete_data)
    if not unwanted:
        return Setup(done=True, words="Nothing of ours is left in the org.")
    deploy_id = deploys.start(org, removal(manifest(), unwanted), check_only=False)
    return Setup(
        done=False, state=f"deploy:{deploy_id}", words="Salesforce takes the package away."
    )


def grant_viewers(org: Org, user_ids: Sequence[str]) -> None:
    """Assigns the viewer permission set; who has it already keeps it. Raises ``MissingRight``."""
    seen = look(org)
    viewer = manifest().salesforce.viewer
    if viewer.name not in seen.sets:
        raise MissingRight("permission_set_missing", f"{viewer.label} is missing: install again.")
    users = [ids.long(user) for user in user_ids if ids.valid(user, "005")]
    wanted = [user for user in users if not seen.holds(user, viewer.name)]
    for start in range(0, len(wanted), BATCH):
        _give(org, wanted[start : start + BATCH], seen.sets[viewer.name])


def refused_before(capabilities: Mapping[str, str]) -> frozenset[Member]:
    """The optional parts that this org did not take when it was last asked."""
    flags = capabilities.get("translations_refused", "").split()
    return _members([KEYLESS, *flags] if capabilities.get("task_key") == "marker" else flags)


def _flags(without: Collection[Member]) -> list[str]:
    names = {member: member.name for member in optional(manifest())} | {
        task_key(manifest()): KEYLESS
    }
    return sorted(names[member] for member in without)


def _members(flags: Collection[str]) -> frozenset[Member]:
    return frozenset(
        member for member in optional(manifest()) if set(_flags([member])) & set(flags)
    )


def _deploy(org: Org, seen: Look, without: frozenset[Member], *, loopback: bool) -> Setup:
    """Whatever is missing, or the last step where nothing is."""
    wanted = frozenset(missing(seen, without))
    if not wanted:
        return _finish(org, without, loopback=loopback)
    deploy_id = deploys.start(org, _files(org, wanted, without), check_only=False)
    words = f"{len(wanted)} components are on their way to Salesforce."
    return Setup(done=False, state=_state(deploy_id, without), words=words)


def _files(org: Org, wanted: Collection[Member], without: Collection[Member]) -> dict[str, bytes]:
    panel = Member("LightningComponentBundle", manifest().salesforce.panel.name)
    status = closed_status(org) if panel in wanted else ""
    return package(manifest(), wanted, without, task_status=status)


def _state(deploy_id: str, without: Collection[Member]) -> str:
    return ":".join(["deploy", deploy_id, *_flags(without)])


def _poll(org: Org, deploy_id: str, without: frozenset[Member], *, loopback: bool) -> Setup:
    try:
        now = deploys.progress(org, deploy_id)
    except Refused:
        # Salesforce forgets deploys after some weeks: what is missing is deployed anew.
        return apply(org, "", {}, loopback=loopback)
    if not now.done:
        return Setup(done=False, state=_state(deploy_id, without), words=now.words)
    if now.succeeded:
        return _finish(org, without, loopback=loopback)
    refused = now.failed & (optional(manifest()) - without)
    if refused:
        return _deploy(org, look(org), without | refused, loopback=loopback)
    raise _refusal(now, "not_deployed", "rolled everything back")


def _refusal(now: deploys.Progress, code: str, did: str) -> Clash | Refused:
    named = ", ".join(sorted(member.name for member in now.failed if member.name)) or "nothing"
    if now.retyped:
        words = f"These fields exist already and are of another type: {named}. Nothing was changed."
        return Clash("field_type", words)
    words = f"Salesforce {did}. Refused: {named}. The reasons stand in Setup > Deployment Status."
    return Refused(code, words)


def _kept(now: deploys.Progress) -> Clash | Refused:
    """Why leaving came to nothing. A component that stands on a page refuses to be deleted."""
    ours = manifest().salesforce.panel
    if Member("LightningComponentBundle", ours.name) not in now.failed:
        return _refusal(now, "not_removed", "took nothing away")
    words = (
        f"The panel {ours.label} still stands on a page, so Salesforce took nothing away. Open a contact, "
        "Edit Page, remove the panel, save, and uninstall again."
    )
    return Refused("panel_in_use", words)


def _finish(org: Org, without: Collection[Member], *, loopback: bool) -> Setup:
    """The deploy is through: rights to the connected user, then a look at what the org can do."""
    _, user = connected_user(org, loopback=loopback)
    seen = look(org)
    if not seen.holds(user, manifest().salesforce.integration.name):
        _assign(org, seen, user)
    languages = [flag for flag in _flags(without) if flag != KEYLESS]
    able = capabilities_of(org) | {"translations_refused": " ".join(languages)} | _says(org)
    return Setup(done=True, capabilities=able, words="Everything is in place.")


def capabilities_of(org: Org) -> dict[str, str]:
    task = describe(org, "Task") or {"fields": []}
    by_name = {field["name"]: field for field in task["fields"]}
    key = by_name.get(manifest().task["key"].salesforce or "") or {}
    unique = key.get("unique") and key.get("externalId") and key.get("createable")
    subtype = by_name.get("TaskSubtype") or {}
    return {
        "task_key": "unique" if unique else "marker",
        "task_priority": _offered(by_name.get("Priority") or {}, "High"),
        "task_closed": closed_status(org),
        "task_email": _offered(subtype, "Email") if subtype.get("createable") else "",
    }


def _offered(picklist: Row, value: str) -> str:
    """*value* where the org's picklist has it, else nothing."""
    offered = picklist.get("picklistValues") or []
    return value if any(v["value"] == value and v.get("active") for v in offered) else ""


def _says(org: Org) -> dict[str, str]:
    """Contacts have neither clock nor language there: the org's stand in.
    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_organization.htm"""
    try:
        told = org.query("SELECT TimeZoneSidKey, LanguageLocaleKey FROM Organization LIMIT 1")
    except (MissingRight, Refused):
        return {}
    return {
        "time_zone": str(told[0]["TimeZoneSidKey"] or ""),
        "language": str(told[0]["LanguageLocaleKey"] or "").replace("_", "-"),
    }


def _assign(org: Org, seen: Look, user: str) -> None:
    integration = manifest().salesforce.integration
    if integration.name not in seen.sets:
        words = f"{integration.label} is missing after the deploy: install again."
        raise MissingRight("permission_set_missing", words)
    _give(org, [user], seen.sets[integration.name])


def _give(org: Org, users: Sequence[str], permission_set: str) -> None:
    sent: list[Row] = [{"AssigneeId": user, "PermissionSetId": permission_set} for user in users]
    for result in org.write("POST", "", "PermissionSetAssignment", sent):
        if not result.get("success") and not refused_for(result, "DUPLICATE_VALUE"):
            words = "Salesforce refused to assign a permission set, perhaps for the user's licence."
            raise MissingRight("not_assigned", words)


def _unassign(org: Org, seen: Look) -> None:
    held = [row["Id"] for row in org.query_in(
        lambda some: format_soql(HOLDERS, some), list(seen.sets.values()))]  # fmt: skip
    for start in range(0, len(held), BATCH):
        wanted = ",".join(held[start : start + BATCH])
        org.call("composite/sobjects", "DELETE", params={"ids": wanted, "allOrNone": "false"})


def _checked(org: Org, wanted: Collection[Member], without: frozenset[Member]) -> list[Step]:
    deploy_id = deploys.start(org, _files(org, wanted, without), check_only=True)
    ends, pause = time.monotonic() + PATIENCE, 0.1
    while True:
        now = deploys.progress(org, deploy_id)
        if now.done:
            break
        if time.monotonic() + pause > ends:
            deploys.cancel(org, deploy_id)
            words = "Salesforce is busy with other deploys and has not checked the package yet"
            return [Step("unchecked", words)]
        time.sleep(pause)
        pause = min(2.0, pause * 1.5)
    if now.succeeded:
        return []
    refused = now.failed & (optional(manifest()) - without)
    if refused:
        steps = [Step("fall back", _instead(member)) for member in sorted(refused)]
        return [*steps, *_checked(org, wanted, without | refused)]
    raise _refusal(now, "not_deployed", "refused the package when it was checked")


def _instead(member: Member) -> str:
    if member == task_key(manifest()):
        return "a marker in the task's text: the org takes no unique field on activities"
    return f"no texts in the language {member.name}: the org does not take translations into it"
