"""What the org has, lacks or has otherwise than the manifest wants it; judged from one look."""

from collections.abc import Collection, Iterator, Mapping

from connectors.errors import Clash, MissingRight
from connectors.manifest import Field, Manifest, manifest
from connectors.salesforce import fields, labels, objects, panel, permissions
from connectors.salesforce.client import Row
from connectors.salesforce.look import Look
from connectors.salesforce.members import Member


def clash(seen: Look) -> None:
    """Raises ``Clash`` when something of our name is not ours, ``MissingRight`` when that cannot
    be seen."""
    want = manifest()
    for name in objects.ours(want):
        _foreign_object(seen, name, want.salesforce.marker)
    bundle = seen.workshop.bundle
    if bundle and want.salesforce.marker not in bundle:
        words = f"The org has a component {want.salesforce.panel.name} that Gensvar did not make: rename it."
        raise Clash("panel_foreign", words)
    wrong = [
        name for name, field, held in _fields(seen, want) if held and fields.clashes(field, held)
    ]
    if wrong:
        raise Clash(
            "field_type",
            f"These fields exist already and are of another type: {', '.join(wrong)}. "
            "Rename or remove them; nothing was changed.",
        )


def _foreign_object(seen: Look, name: str, marker: str) -> None:
    if seen.described[name] is None:
        return
    marks = seen.workshop.marks
    if marks is None or name not in marks:
        if not seen.sets:
            words = f"Whether {name} is ours cannot be seen: the user needs to view setup."
            raise MissingRight("setup_hidden", words)
    elif marker not in marks[name]:
        raise Clash(
            "object_foreign",
            f"The org has an object {name} that Gensvar did not make: its description lacks "
            f"'{marker}'. Rename or remove it, or put these words into its "
            "description if it may be used.",
        )


def missing(seen: Look, without: Collection[Member]) -> Iterator[Member]:
    """What describe, permissions and tooling show to be absent or not as the manifest wants it."""
    return (member for member in _missing(seen, without) if member not in without)


def _missing(seen: Look, without: Collection[Member]) -> Iterator[Member]:
    want = manifest()
    here = present(seen)
    for name, field, held in _fields(seen, want):
        member = Member("CustomField", name)
        if member not in here or (held is not None and fields.differs(field, held)):
            yield member
    for name in objects.ours(want):
        if seen.described[name] is None:
            yield Member("CustomObject", name)
        if name not in seen.tabs:
            yield Member("CustomTab", name)
    yield from (Member("ListView", n) for n in objects.list_views(want) if n not in seen.views)
    yield from _unmade(seen, want)
    yield from (Member("PermissionSet", name) for name in lacking_sets(seen, without))


def _unmade(seen: Look, want: Manifest) -> Iterator[Member]:
    """What only the tooling API shows; where that is hidden, what is there is taken on trust."""
    shop = seen.workshop
    if shop.rules is not None:
        yield from (Member("ValidationRule", n) for n in objects.rules(want) if n not in shop.rules)
    stale = set(_stale_labels(want, shop.labels)) if shop.labels is not None else set()
    yield from (Member("CustomLabel", name) for name in stale)
    if shop.translated is not None:
        every = len(labels.texts(want))
        behind = [n for n in labels.translated(want) if shop.translated.get(n, 0) < every or stale]
        yield from (Member("Translations", language) for language in behind)
    if shop.bundle is not None and shop.bundle != panel.described(want):
        yield Member("LightningComponentBundle", want.salesforce.panel.name)


def _stale_labels(want: Manifest, have: Mapping[str, str]) -> Iterator[str]:
    for name, text in labels.texts(want).items():
        if have.get(name) != labels.short(text["en"]):
            yield name


def present(seen: Look) -> frozenset[Member]:
    """The fields that are in the org. One that a permission set grants and describe does not show
    is there too, only not assigned to the connected user yet."""
    granted = {right for rights in seen.rights.values() for right in rights}
    return frozenset(
        Member("CustomField", name)
        for name, _, held in _fields(seen, manifest())
        if held or name.replace("Activity.", "Task.") in granted
    )


def removable(seen: Look, *, delete_data: bool) -> frozenset[Member]:
    """What of ours is there to be taken away: the panel and its words, tabs and rights; with *delete_data* the
    objects and fields too."""
    want = manifest()
    ours = objects.ours(want)
    shop = seen.workshop
    found = {Member("PermissionSet", name) for name in seen.sets}
    found |= {Member("CustomTab", name) for name in ours if name in seen.tabs}
    found |= {Member("CustomLabel", n) for n in labels.texts(want) if n in (shop.labels or ())}
    if shop.bundle:
        found.add(Member("LightningComponentBundle", want.salesforce.panel.name))
    if delete_data:
        found |= {Member("CustomObject", n) for n in ours if seen.described[n] is not None}
        # The fields of our own objects go with them.
        found |= {m for m in present(seen) if m.name.partition(".")[0] not in ours}
    return frozenset(found)


def lacking_sets(seen: Look, without: Collection[Member]) -> dict[str, list[str]]:
    """Our permission sets that are absent or grant too little, with the fields they lack."""
    want = manifest()
    found: dict[str, list[str]] = {}
    for one, writes in permissions.sets(want):
        have = seen.rights.get(one.name, {})
        wanted = permissions.field_rights(want, without, writes=writes)
        lacks = [name for name, edit in wanted.items() if name not in have or edit > have[name]]
        lacks += sorted(_objects(want, writes=writes) - set(seen.objects.get(one.name, ())))
        if lacks or one.name not in seen.sets:
            found[one.name] = sorted(lacks)
    return found


def _objects(want: Manifest, *, writes: bool) -> set[str]:
    every = permissions.object_rights(want, writes=writes).items()
    return {f"{name}.{right}" for name, rights in every for right in rights}


def _fields(seen: Look, want: Manifest) -> Iterator[tuple[str, Field, Row | None]]:
    for name, parts in objects.fields_of(want).items():
        for field in parts.values():
            yield f"{name}.{field.salesforce}", field, seen.field(name, field)
