"""Putting the package into an org and taking it out again, in steps that survive a restart.

The state between steps is ``""`` or ``deploy:<id>``, with ``:keyless`` where the org has refused
the unique field on activities and the install goes on without it.
"""

import time
from collections.abc import Collection, Mapping, Sequence

from simple_salesforce.format import format_soql

from connectors.errors import Clash, MissingRight, Refused
from connectors.manifest import manifest
from connectors.salesforce import deploys, ids, task_removal
from connectors.salesforce.client import BATCH, Org, Row
from connectors.salesforce.completing import closed_status
from connectors.salesforce.look import (
    HOLDERS,
    Look,
    clash,
    connected_user,
    describe,
    look,
    missing,
    present,
)
from connectors.salesforce.metadata import Member, package, removal, task_key
from connectors.salesforce.rows import refused_for
from connectors.types import Setup, Step

KEYLESS = "keyless"
PATIENCE = 9.0  # seconds that a dry run waits for Salesforce


def plan(org: Org, capabilities: Mapping[str, str], *, loopback: bool) -> list[Step]:
    """What ``apply`` would do, tried by a deploy that is only checked; raises ``Clash``."""
    without = _refused_before(capabilities)
    seen = look(org)
    clash(seen)
    wanted = frozenset(missing(seen, without))
    here = present(seen)
    steps = [
        Step("change" if member in here or member.name in seen.sets else "create", str(member))
        for member in sorted(wanted)
    ]
    if wanted:
        steps += _checked(org, wanted, without)
    _, user = connected_user(org, loopback=loopback)
    integration = manifest().salesforce.integration
    if not seen.holds(user, integration.name):
        steps.append(Step("assign", f"{integration.label} to the connected user"))
    return steps


def apply(org: Org, state: str, capabilities: Mapping[str, str], *, loopback: bool) -> Setup:
    """One step; raises ``Clash``, ``MissingRight`` or ``Refused``."""
    if state.startswith("deploy:"):
        _, deploy_id, *flags = state.split(":")
        return _poll(org, deploy_id, keyless=KEYLESS in flags, loopback=loopback)
    without = _refused_before(capabilities)
    seen = look(org)
    clash(seen)
    if manifest().salesforce.integration.name in seen.sets:
        # Fields that were deployed but never assigned are not shown to us before this.
        _, user = connected_user(org, loopback=loopback)
        if not seen.holds(user, manifest().salesforce.integration.name):
            _assign(org, seen, user)
            seen = look(org)
            clash(seen)
    wanted = frozenset(missing(seen, without))
    if wanted:
        return _deploy(org, wanted, without)
    return _finish(org, loopback=loopback)


def remove(org: Org, state: str, *, delete_data: bool) -> Setup:
    """One step: tasks if data goes too, then assignments and one destructive deploy."""
    if state.startswith("deploy:"):
        done = deploys.progress(org, state.split(":")[1])
        if done.done and not done.succeeded:
            raise _refusal(done, "not_removed", "took nothing away")
        return Setup(done.done, "" if done.done else state, words=done.words)
    if delete_data and task_removal.bin_some(org):
        return Setup(done=False, words="Deleting tasks.")
    seen = look(org)
    _unassign(org, seen)
    unwanted = _present(seen, delete_data=delete_data)
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


def _refused_before(capabilities: Mapping[str, str]) -> frozenset[Member]:
    return frozenset({task_key(manifest())} if capabilities.get("task_key") == "marker" else ())


def _deploy(org: Org, wanted: Collection[Member], without: Collection[Member]) -> Setup:
    deploy_id = deploys.start(org, package(manifest(), wanted, without), check_only=False)
    flag = f":{KEYLESS}" if without else ""
    words = f"{len(wanted)} components are on their way to Salesforce."
    return Setup(done=False, state=f"deploy:{deploy_id}{flag}", words=words)


def _poll(org: Org, deploy_id: str, *, keyless: bool, loopback: bool) -> Setup:
    try:
        now = deploys.progress(org, deploy_id)
    except Refused:
        # Salesforce forgets deploys after some weeks: what is missing is deployed anew.
        return apply(org, "", {}, loopback=loopback)
    if not now.done:
        flag = f":{KEYLESS}" if keyless else ""
        return Setup(done=False, state=f"deploy:{deploy_id}{flag}", words=now.words)
    if now.succeeded:
        return _finish(org, loopback=loopback)
    if task_key(manifest()) in now.failed and not keyless:
        without = {task_key(manifest())}
        return _deploy(org, frozenset(missing(look(org), without)), without)
    raise _refusal(now, "not_deployed", "rolled everything back")


def _refusal(now: deploys.Progress, code: str, did: str) -> Clash | Refused:
    named = ", ".join(sorted(member.name for member in now.failed if member.name)) or "nothing"
    if now.retyped:
        words = f"These fields exist already and are of another type: {named}. Nothing was changed."
        return Clash("field_type", words)
    words = f"Salesforce {did}. Refused: {named}. The reasons stand in Setup > Deployment Status."
    return Refused(code, words)


def _finish(org: Org, *, loopback: bool) -> Setup:
    """The deploy is through: rights to the connected user, then a look at what the org can do."""
    _, user = connected_user(org, loopback=loopback)
    seen = look(org)
    if not seen.holds(user, manifest().salesforce.integration.name):
        _assign(org, seen, user)
    return Setup(done=True, capabilities=capabilities_of(org), words="Everything is in place.")


def capabilities_of(org: Org) -> dict[str, str]:
    task = describe(org, "Task") or {"fields": []}
    by_name = {field["name"]: field for field in task["fields"]}
    key = by_name.get(manifest().task["key"].salesforce or "") or {}
    unique = key.get("unique") and key.get("externalId") and key.get("createable")
    priorities = (by_name.get("Priority") or {}).get("picklistValues") or []
    high = any(value["value"] == "High" and value.get("active") for value in priorities)
    return {
        "task_key": "unique" if unique else "marker",
        "task_priority": "High" if high else "",
        "task_closed": closed_status(org),
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


def _present(seen: Look, *, delete_data: bool) -> frozenset[Member]:
    """What of ours is there to be taken away."""
    want = manifest()
    answer = want.salesforce.answer_record.object
    found = {Member("PermissionSet", name) for name in seen.sets}
    found |= {Member("CustomTab", want.salesforce.tab)} if seen.tab else set()
    if delete_data and seen.described[answer] is not None:
        found.add(Member("CustomObject", answer))
    if delete_data:
        # The answer object's own fields go with it.
        found |= {m for m in present(seen) if not m.name.startswith(f"{answer}.")}
    return frozenset(found)


def _checked(org: Org, wanted: Collection[Member], without: Collection[Member]) -> list[Step]:
    deploy_id = deploys.start(org, package(manifest(), wanted, without), check_only=True)
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
    if task_key(manifest()) in now.failed and not without:
        words = "a marker in the task's text: the org takes no unique field on activities"
        return [Step("fall back", words), *_checked(org, wanted, {task_key(manifest())})]
    raise _refusal(now, "not_deployed", "refused the package when it was checked")
