"""Looks at a replica, and at the primary where that fails."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from threadly.core.database.errors import Trouble, told
from threadly.core.database.lending import Lender, Lent
from threadly.core.database.reading import Reading
from threadly.core.database.replicas import instruments
from threadly.core.database.replicas.position import Position
from threadly.core.database.replicas.replica import Replica

T = TypeVar("T")

_FINAL: Final = {Trouble.LATE, Trouble.TOO_SLOW}
"""Elsewhere it would be no quicker."""


class Offloaded(Reading):
    """A `ReadSession` at a replica; from the first failure on, at the primary.

    Args:
        choose: Finds a replica that has replayed as much.
        position: How much.
        lender: The primary's; so is the engine.
    """

    __slots__ = ("_choose", "_position", "_replica")

    def __init__(
        self,
        choose: Callable[[Position], Awaitable[Replica | None]],
        position: Position,
        lender: Lender,
        engine: AsyncEngine,
    ) -> None:
        super().__init__(lender, engine)
        self._choose = choose
        self._position = position
        self._replica: Replica | None = None

    async def __aenter__(self) -> "Offloaded":
        replica = await self._choose(self._position)
        if replica is None:
            instruments.BEHIND.inc()
        elif await self._is_lent_by(replica):
            self._replica = replica
            return self
        await super().__aenter__()
        return self

    async def _is_lent_by(self, replica: Replica) -> bool:
        try:
            self._lent = await replica.lend()
        except Exception:  # noqa: BLE001 - the primary will do, or say what is wrong
            instruments.REFUSED.inc()
            return False
        if replica.includes(self._position):
            instruments.REPLICA.inc()
            return True
        instruments.BEHIND.inc()  # it was started anew, and is further back: a new connection has found out
        await replica.give_back(self._lent)
        return False

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._replica is not None:
            await self._replica.give_back(self._lent)
        else:
            await super().__aexit__(kind, failure, traceback)

    async def ask(self, question: Callable[[Lent], Awaitable[T]]) -> T:
        """What the question finds, which looks and changes nothing.

        Whatever fails at a replica is asked again: a question may be right, and the table not there yet.

        Raises:
            DatabaseUnavailable: There is trouble with the database, and not with the question.
        """
        replica = self._replica
        if replica is None:
            return await super().ask(question)
        if not self._lent.is_gone:  # by a look before this one, which was refused
            try:
                return await question(self._lent)
            except Exception as failure:
                trouble = replica.note(self._lent, failure)
                if trouble is not None and trouble in _FINAL:
                    raise told(trouble) from failure
            instruments.REPEATED.inc()
        await replica.give_back(self._lent)
        self._replica = None
        self._lent = await self._lender.lend(self._engine)
        return await super().ask(question)
