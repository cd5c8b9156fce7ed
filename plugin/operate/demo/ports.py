"""Six ports in a row."""

from dataclasses import dataclass

from plugin.operate.ports import check_ports

HOW_MANY = 6


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens, counted from the first."""

    first: int

    @property
    def named(self) -> dict[str, int]:
        names = ("Gensvar", "host page", "HubSpot", "Salesforce", "SMTP", "mail page")
        return {name: self.first + place for place, name in enumerate(names)}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.named[name]}"

    def check(self) -> None:
        """Raises ``WrongUse`` or, for the first that is in use, ``PortTaken``."""
        other = 9000 if self.first != 9000 else 7000
        check_ports(
            self.named,
            f"The demo uses {self.first} to {self.first + HOW_MANY - 1}. Stop that program, or run "
            f"`.venv/bin/gensvar demo --port {other}`.",
        )
