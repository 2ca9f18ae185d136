"""What a function may do with the database, told by the type of its first parameter.

`read: ReadSession` looks; `tx: Tx` changes, within the transaction of whoever called it. A `Tx` also serves
where a `ReadSession` is asked for, so a service can use the slice's queries inside its transaction.
"""

from collections.abc import Mapping
from typing import Any, Final, NewType, NoReturn, Protocol, TypeVarTuple

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

_NOT_YOURS: Final = (
    "whoever opened this transaction ends it: return to have it committed, raise to have it undone; "
    "what may be undone alone is done within `begin_nested`"
)


class TxSession(AsyncSession):
    """The session behind a `Tx`, which ends with its block, and nowhere within."""

    _is_over = False

    async def __aexit__(self, *failure: object) -> None:
        self._is_over = True
        await super().__aexit__(*failure)

    async def close(self) -> None:
        """Once the block has ended.

        Raises:
            TypeError: It has not.
        """
        if not self._is_over:
            raise TypeError(_NOT_YOURS)
        await super().close()

    async def commit(self) -> NoReturn:
        """Refused."""
        raise TypeError(_NOT_YOURS)

    async def rollback(self) -> NoReturn:
        """Refused."""
        raise TypeError(_NOT_YOURS)

    async def reset(self) -> NoReturn:
        """Refused."""
        raise TypeError(_NOT_YOURS)

    async def invalidate(self) -> NoReturn:
        """Refused."""
        raise TypeError(_NOT_YOURS)
