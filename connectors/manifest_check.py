"""Whether a manifest is one: what its schema asks for, and what a schema cannot say."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parent / "manifest.schema.json"


class ManifestError(ValueError):
    """The manifest is not what the schema asks for; the text names the place."""


def check(raw: Any) -> None:
    """Raises ``ManifestError`` when *raw* breaks the schema or names two fields of an object the same."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    error = next(
        iter(sorted(validator.iter_errors(raw), key=lambda e: list(map(str, e.path)))), None
    )
    if error is not None:
        raise ManifestError(
            f"manifest.json, {'/'.join(map(str, error.path)) or 'top'}: {error.message}"
        )
    for place, name in _repeated(raw["fields"]):
        raise ManifestError(f"manifest.json, fields/{place}: {name} is named twice")


def _repeated(parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part, fields in parts.items():
        for crm in ("hubspot", "salesforce"):
            names = Counter(field[crm] for field in fields.values() if field[crm])
            yield from ((part, name) for name, times in names.items() if times > 1)
