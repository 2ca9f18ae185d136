"""What searches on the command line have in common: since when, which page, and how rows are told."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from threadly.commands.errors import OptionInvalid
from threadly.core import clock
from threadly.core.config.times import meant
from threadly.core.database import ReadSession
from threadly.marketplace.members import Member

KeyT = TypeVar("KeyT", bound=msgspec.Struct)
_NEVER_BROKEN: Final = 10_000
_LONGEST: Final = timedelta(days=36_500)


def since(text: str | None) -> datetime | None:
    """The moment that `2h`, `7d`, `2026-11-27` or `2026-11-27T08:00` means; without a zone, UTC.

    Raises:
        OptionInvalid: It is none of these.
    """
    if text is None:
        return None
    ago = meant(text)
    if isinstance(ago, timedelta):
        return clock.now() - min(ago, _LONGEST)
    try:
        moment = datetime.fromisoformat(ago)
    except ValueError:
        raise OptionInvalid("--since", "2h, 7d, 2026-11-27 or 2026-11-27T08:00") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def sealed(key: msgspec.Struct) -> str:
    """A page's end, to be typed for the next one."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def opened(text: str | None, kind: type[KeyT]) -> KeyT | None:
    """Where a page is to begin.

    Raises:
        OptionInvalid: It is not the end of a page.
    """
    if text is None:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)), type=kind)
    except (NotBase64, ValueError, msgspec.MsgspecError):
        raise OptionInvalid("--after", "what the page before says") from None


async def member_meant(read: ReadSession, text: str, *, option: str) -> UUID:
    """The id of a member, who is named by it or by username.

    Raises:
        OptionInvalid: There is none of that name.
    """
    try:
        return UUID(text)
    except ValueError:
        pass
    found: UUID | None = await read.scalar(select(Member.id).where(func.lower(Member.username) == text.lower()))
    if found is None:
        raise OptionInvalid(option, f"the id or the username of a member, and nobody is called {text!r}")
    return found


def unbroken(to: Console) -> Console:
    """The same, with lines of any length where nobody looks at their width: programs search and cut them."""
    if not to.is_terminal:
        to.width = _NEVER_BROKEN
    return to


def grid(*head: str) -> Table:
    """Columns without lines."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in head:
        made.add_column(name, overflow="fold")
    return made
