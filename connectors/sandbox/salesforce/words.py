"""What label and translation files mean for an org."""

import re
from typing import Any

from connectors.sandbox.salesforce.custom import Label
from connectors.sandbox.salesforce.work import N, Work, texts

NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")
LONGEST, SHORTEST = 1000, 80
REFUSED = "Not available for deploy for this organization"


def apply_labels(work: Work, path: str, _name: str, root: Any) -> None:
    for node in root.findall(f"{N}labels"):
        said = texts(node)
        name = said.get("fullName", "")
        if work.listed("CustomLabel", name, path):
            _label(work, path, name, said)


def _label(work: Work, path: str, name: str, said: dict[str, str]) -> None:
    problem = _wrong(work, name, said)
    if problem:
        return work.fail("CustomLabel", name, path, problem)
    known = work.org.custom.labels.get(name)
    made = known.id if known else work.org.new_id("101")
    work.org.custom.labels[name] = Label(made, said["value"], said["shortDescription"])
    return work.done("CustomLabel", name, path, created=known is None)


def _wrong(work: Work, name: str, said: dict[str, str]) -> str | None:
    if not NAME.fullmatch(name) or len(name) > SHORTEST:
        return f"The label name {name} can only contain underscores and alphanumeric characters"
    if said["language"] not in work.org.options.languages:
        return f"language: Invalid language: {said['language']}"
    if not said["value"] or len(said["value"]) > LONGEST:
        return f"value: needs 1 to {LONGEST} characters"
    if len(said["shortDescription"]) > SHORTEST:
        return f"Short Description: data value too large (max length={SHORTEST})"
    others = {known.lower(): known for known in work.org.custom.labels}
    if others.get(name.lower(), name) != name:
        return f"A label named {others[name.lower()]} exists already"
    return None


def apply_translations(work: Work, path: str, language: str, root: Any) -> None:
    """Refused as a whole where the org has no Translation Workbench, or not this language."""
    if not work.listed("Translations", language, path):
        return None
    options = work.org.options
    if not options.translation_workbench or language not in options.languages:
        return work.fail("Translations", language, path, REFUSED)
    said = {}
    for node in root.findall(f"{N}customLabels"):
        label = texts(node)
        if label["name"] not in work.org.custom.labels:
            problem = f"In field: customLabels - no CustomLabel named {label['name']} found"
            return work.fail("Translations", language, path, problem)
        said[label["name"]] = label["label"]
    before = work.org.custom.translations.get(language)
    work.org.custom.translations[language] = (before or {}) | said
    return work.done("Translations", language, path, created=before is None)
