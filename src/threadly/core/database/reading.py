"""Looks at what is committed, each statement on its own.

Guaranteed: a look that finds its connection lost is made once more, on a new one; so a server that restarts fails
nobody who only looks. A look changes nothing, so making it twice is making it once; a statement that changes something
is refused, and so is text that begins as no look does. Not guaranteed: that one is noticed which hides it, as in a
function, behind WITH, or in EXPLAIN ANALYZE.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, TypeVar, TypeVarTuple

from sqlalchemy import Result, TextClause
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import TextualSelect, TypedReturnsRows

from threadly.core.database.errors import Trouble, told
from threadly.core.database.instruments import REPEATED
from threadly.core.database.lending import Lender, Lent

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_REPEATED: Final = {Trouble.LOST, Trouble.OUTDATED}
CHANGES_SOMETHING: Final = "this statement changes something, and whoever reads may make it twice: write within `run`"
_CHANGE: Final = (UpdateBase, ExecutableDDLElement)
_LOOKS: Final = re.compile(
    r"(?:[\s(]|--[^\n]*\n|/\*.*?\*/)*+(?:select|with|values|table|show|explain)\b", re.IGNORECASE | re.DOTALL
)
"""How a statement begins that looks, after remarks and brackets."""


class Reading:
    """A `ReadSession`, for the time of an `async with`; one caller's."""

    __slots__ = ("_engine", "_lender", "_lent")
    _lent: Lent

    def __init__(self, lender: Lender, engine: AsyncEngine) -> None:
        self._lender = lender
        self._engine = engine

    async def __aenter__(self) -> "Reading":
        self._lent = await self._lender.lend(self._engine)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._lent.give_back()

    async def execute(
        self, statement: TypedReturnsRows[*Ts], parameters: Mapping[str, object] | None = None, /
    ) -> Result[*Ts]:
        """The rows of a select, buffered; `parameters` fill the `bindparam`s that it names.

        Raises:
            DatabaseUnavailable: There is trouble with the database, and not with the question.
            TypeError: The statement changes something.
        """
        _must_only_look(statement)
        return await self.ask(lambda lent: lent.connection.execute(statement, parameters))

    async def scalar(self, statement: TypedReturnsRows[*tuple[Any, ...]], /) -> Any:  # noqa: ANN401 - the column's own type
        """The first column of the first row, or None; raises as `execute`."""
        _must_only_look(statement)
        return await self.ask(lambda lent: lent.connection.scalar(statement))

    async def ask(self, question: Callable[[Lent], Awaitable[T]]) -> T:
        """What the question finds, which looks and changes nothing.

        Raises:
            DatabaseUnavailable: There is trouble with the database, and not with the question.
        """
        if self._lent.is_gone:  # by a look before this one, which was refused
            await self._replace()
        try:
            return await question(self._lent)
        except Exception as failure:
            trouble = self._lent.note(failure)
            if trouble is None:
                raise
            if trouble not in _REPEATED:
                raise told(trouble) from failure
        REPEATED.inc()
        await self._replace()
        try:
            return await question(self._lent)
        except Exception as failure:
            if (trouble := self._lent.note(failure)) is None:
                raise
            raise told(trouble) from failure

    async def _replace(self) -> None:
        await self._lent.give_back()
        self._lent = await self._lender.lend(self._engine)


def _must_only_look(statement: TypedReturnsRows[*Ts]) -> None:
    written = statement.element if isinstance(statement, TextualSelect) else statement
    if isinstance(written, _CHANGE) or (isinstance(written, TextClause) and _LOOKS.match(written.text) is None):
        raise TypeError(CHANGES_SOMETHING)
