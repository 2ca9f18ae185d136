"""What a function may do with the database, told by the type of its first parameter.

`read: ReadSession` looks; `tx: Tx` changes, within the transaction of whoever called it. A `Tx` also serves
where a `ReadSession` is asked for, so a service can use the slice's queries inside its transaction.
"""

from collections.abc import Mapping
from typing import Any, NewType, Protocol, TypeVarTuple

from sqlalchemy import Result
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TypedReturnsRows

Ts = TypeVarTuple("Ts")


class ReadSession(Protocol):
    """Runs selects and nothing else; each sees what is committed when it starts."""

    async def execute(
        self, statement: TypedReturnsRows[*Ts], parameters: Mapping[str, object] | None = None, /
    ) -> Result[*Ts]:
        """The rows of a select, buffered; `parameters` fill the `bindparam`s that it names."""

    async def scalar(self, statement: TypedReturnsRows[*tuple[Any, ...]], /) -> Any:  # noqa: ANN401 - the column's own type
        """The first column of the first row, or None."""


Tx = NewType("Tx", AsyncSession)
"""One transaction. It is never committed by who receives it: the edge that opened it does that."""
