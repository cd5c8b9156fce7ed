"""What deploys have made beside objects: tabs, labels, translations and Lightning web components."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """A custom label; *short* is its short description."""

    id: str
    text: str
    short: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A Lightning web component: its files by name, and what it needs of the org."""

    description: str
    files: dict[str, bytes]
    labels: frozenset[str]
    fields: frozenset[str]


@dataclass(slots=True)
class Custom:
    """``translations`` are texts by language and label. A bundle in ``on_pages`` stands on a page that an
    administrator has made, and cannot be deleted."""

    tabs: set[str] = field(default_factory=set)
    labels: dict[str, Label] = field(default_factory=dict)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    on_pages: set[str] = field(default_factory=set)
