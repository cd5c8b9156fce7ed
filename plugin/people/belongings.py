"""What other rooms hold on people: it goes where they go."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

Things: TypeAlias = list[dict[str, Any]]


class Belongings(Protocol):
    """One room's. Whoever merges, erases or exports a person hands these over: ``crm``, which knows every room."""

    def move(self, connection: Connection, merged: str, survivor: str) -> int:
        """All of the merged person's is the survivor's; how many things that were. Done again it moves what came
        meanwhile."""
        ...

    def forget(self, connection: Connection, people: Sequence[str]) -> int:
        """Deletes all there is of these people; how many things that were."""
        ...

    def held(self, connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
        """All there is of these people, by what it is called in an export."""
        ...


def things(connection: Connection, query: sa.Select[Any]) -> Things:
    """The rows of *query* by the names of their columns."""
    return [dict(row) for row in connection.execute(query).mappings()]
