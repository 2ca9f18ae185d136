"""What a revision failed of, without a value of any row.

Told are the statement without what stands in it, PostgreSQL's message, and the table, column and constraint that it
names. Its DETAIL and HINT are told where they are about the schema. What code in the database raises is in words of its
own, which may be anything, and so is told by its code; PostgreSQL's log has it. Of an exception in Python, the line is
told, and its text if that is about names.
"""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from threadly.core.database.errors import sqlstate_of
from threadly.core.database.migrating.errors import MigrationRefused
from threadly.core.database.slow import redacted

_LONGEST: Final = 300
_NAMES: Final = ("table", "column", "data_type", "constraint")
_ABOUT_SCHEMA: Final = ("0A", "2B", "42", "55")
"""Codes whose DETAIL is about what is declared: of what depends on what, and the like."""
_ABOUT_ROWS: Final = "22"
_OWN_WORDS: Final = "P0"
_RAISED: Final = " at RAISE"
_VALUES: Final = re.compile(r'".*"|\b0x[0-9a-fA-F]+', re.DOTALL)
_ABOUT_NAMES: Final = (AttributeError, ImportError, NameError, SyntaxError)


def reason(failure: SQLAlchemyError) -> str:
    """Why a statement failed, and which; the first line has the message."""
    refusal: Any = failure.orig.__cause__ if isinstance(failure, DBAPIError) and failure.orig is not None else None
    sqlstate = sqlstate_of(failure)
    if refusal is None or sqlstate is None:
        return type(failure).__name__
    names = [f"{name} {told}" for name in _NAMES if (told := getattr(refusal, f"{name}_name", None))]
    lines = [f"{_message(refusal, sqlstate)} ({', '.join([sqlstate, *names])})."]
    if sqlstate.startswith(_ABOUT_SCHEMA) and not _is_raised(refusal):
        lines += [said for said in (refusal.detail, refusal.hint) if said]
    if isinstance(failure, DBAPIError) and failure.statement:
        statement = redacted(failure.statement)
        lines.append(f"Statement: {statement if len(statement) <= _LONGEST else f'{statement[: _LONGEST - 1]}…'}")
    return "\n".join(lines)


@contextmanager
def told_by_its_line(folder: Path) -> Iterator[None]:
    """Tells of an exception that comes out of a revision's own Python by its file and line.

    Raises:
        MigrationRefused: There was one. What comes from elsewhere stays what it is.
    """
    try:
        yield
    except (MigrationRefused, SQLAlchemyError, CommandError, OSError):
        raise
    except Exception as error:
        if (place := _place(error, folder)) is None:
            raise
        text = f": {getattr(error, 'msg', error)}" if isinstance(error, _ABOUT_NAMES) else ""
        raise MigrationRefused(f"{place} failed: {type(error).__name__}{text}.") from error


def _message(refusal: Any, sqlstate: str) -> str:  # noqa: ANN401 - asyncpg's, which has no types
    if sqlstate.startswith(_OWN_WORDS) or _is_raised(refusal):
        return "code in the database raised something, which PostgreSQL's log has"
    return _VALUES.sub("…", refusal.args[0]) if sqlstate.startswith(_ABOUT_ROWS) else str(refusal.args[0])


def _is_raised(refusal: Any) -> bool:  # noqa: ANN401 - asyncpg's, which has no types
    return _RAISED in (refusal.context or "")


def _place(error: Exception, folder: Path) -> str | None:
    """`versions/0042_titles.py, line 12`, the innermost in this folder."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename is not None:
        frames.append((error.filename, error.lineno or 1))
    for file, line in reversed(frames):
        if Path(file).is_relative_to(folder):
            return f"{Path(file).relative_to(folder)}, line {line},"
    return None
