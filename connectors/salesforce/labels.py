"""The panel's words as custom labels and their translations, from the manifest's card."""

from collections.abc import Iterator, Mapping

from connectors.manifest import Manifest, Words
from connectors.salesforce.members import Member
from connectors.salesforce.xml import Node, document

PREFIX = "Gensvar"
LANGUAGE = "en_US"
GROUPS = {"texts": "", "causes": "cause_", "outcomes": "outcome_", "reasons": "reason_"}
SHORT = 80


def grouped(manifest: Manifest) -> dict[str, dict[str, str]]:
    """Label names by group of the card and key: ``grouped(m)["causes"]["price"]`` is
    ``Gensvar_cause_price``."""
    return {
        group: {key: f"{PREFIX}_{part}{key}" for key in _words(manifest, group)}
        for group, part in GROUPS.items()
    }


def texts(manifest: Manifest) -> dict[str, Mapping[str, str]]:
    """Every label's text by language."""
    return {
        name: _words(manifest, group)[key]
        for group, names in grouped(manifest).items()
        for key, name in names.items()
    }


def _words(manifest: Manifest, group: str) -> Words:
    words: Words = getattr(manifest.card, group)
    title = dict.fromkeys(manifest.card.languages, manifest.card.title)
    return {"title": title, **words} if group == "texts" else words


def translated(manifest: Manifest) -> tuple[str, ...]:
    """The languages beside English, by Salesforce's code, which is the same as ours."""
    return tuple(language for language in manifest.card.languages if language != "en")


def short(text: str) -> str:
    """What an administrator sees in the list of labels. It changes with our text and not with theirs, so it tells
    an older text of ours from one that an administrator wrote."""
    return text[:SHORT].rstrip()


def files(manifest: Manifest, wanted: frozenset[Member]) -> Iterator[tuple[str, bytes]]:
    """The label file and the translation files. With new labels go only their translations, so that what an
    administrator has worded otherwise stays."""
    every = texts(manifest)
    chosen = {name: text for name, text in every.items() if Member("CustomLabel", name) in wanted}
    if chosen:
        made = [_label(name, text["en"]) for name, text in chosen.items()]
        yield "labels/CustomLabels.labels", document("CustomLabels", {"labels": made})
    for language in translated(manifest):
        if Member("Translations", language) in wanted:
            said: list[Mapping[str, Node]] = [
                {"label": text[language], "name": name} for name, text in (chosen or every).items()
            ]
            path = f"translations/{language}.translation"
            yield path, document("Translations", {"customLabels": said})


def _label(name: str, text: str) -> Mapping[str, Node]:
    return {
        "fullName": name,
        "categories": "Gensvar",
        "language": LANGUAGE,
        "protected": False,
        "shortDescription": short(text),
        "value": text,
    }
