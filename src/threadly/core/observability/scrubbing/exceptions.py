"""What an exception says, without the values that it says it about.

Guaranteed: what PostgreSQL says of values (its classes 22, 23 and P0: data, constraints, a trigger's own words) is told
by its code and the names of constraint, table and column, for its text and its DETAIL hold the row; what stands in
quotes of any kind is told only if it can be a name: letters, no digits; what is not closed is hidden to the end. Where
an exception is about files, hosts, names of code, or tables, roles and databases, none of which a visitor chooses, it
may be one of those. The rest is scrubbed as every text is. Not guaranteed: anything about a value that an exception of
ours says without quotes, and that has no form.
"""

import re
from functools import partial
from typing import Final

from threadly.core.observability.scrubbing.text import scrub_text

_ABOUT_VALUES: Final = ("22", "23", "P0")
_NAMES: Final = ("constraint_name", "table_name", "column_name", "data_type_name")
_DETAIL: Final = re.compile(r"\n(?:DETAIL|HINT|CONTEXT|WHERE):[^\n]*(?:\n(?!\[)[^\n]*)*")
_QUOTED: Final = re.compile(
    r"""(?:(?:(?<!\w)[bfruBFRU]{0,2}|(?<=\w\w)(?!'(?:[stdm]|ll|re|ve)\b|'(?:[\s.,;:!?)]|\Z)))
         '(?:[^'\\]|\\.?|'(?=\w))*(?:'|\Z)
        |(?:(?<!\w)[bfruBFRU]{1,2})?(?:
         "(?:[^"\\]|\\.?|"(?=\w))*(?:"|\Z)
        |[“„][^”“]*(?:[”“]|\Z)
        |`[^`]*(?:`|\Z)
        |«[^»]*(?:»|\Z)
    ))""",
    re.DOTALL | re.VERBOSE,
)
"""What stands in quotes, to the text's end if they are not closed; what looks like an apostrophe (o'clock, it isn't,
the members' own) opens nothing, and within quotes closes nothing."""
_CLOSING: Final = {"“": "”", "„": "“", "«": "»"}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_.:<>-]{0,80}")
_PLACE: Final = re.compile(r"[A-Za-z0-9_./:-]{1,200}")
_ABOUT_OURS: Final = (OSError, ImportError, NameError, AttributeError, UnicodeDecodeError, UnicodeEncodeError)
_ABOUT_NAMES: Final = ("28", "3D", "3F", "42501", "42703", "42704", "42P01")
"""PostgreSQL's: who may connect, to which database and schema; permissions; columns, objects, tables."""
_UNREADABLE: Final = "its text cannot be read"


def text_of(exception: BaseException) -> str:
    """Its text."""
    try:
        told = _of_postgresql(exception)
        if told is None:
            can_be = _PLACE if _is_about_ours(exception) else _NAME
            told = _QUOTED.sub(partial(_told_if, can_be), _DETAIL.sub("", str(exception)))
        return scrub_text(told)
    except Exception:  # noqa: BLE001  a defect in an error's own text must not hide the error
        return _UNREADABLE


def _is_about_ours(exception: BaseException) -> bool:
    sqlstate = getattr(exception, "sqlstate", None)
    return isinstance(exception, _ABOUT_OURS) or (isinstance(sqlstate, str) and sqlstate.startswith(_ABOUT_NAMES))


def _of_postgresql(exception: BaseException) -> str | None:
    """Of a refusal by the database that is about values, be it the driver's or what wraps it; None for all others."""
    for each in (
        exception,
        getattr(exception, "orig", None),
        getattr(getattr(exception, "orig", None), "__cause__", None),
    ):
        sqlstate = getattr(each, "sqlstate", None)
        if isinstance(sqlstate, str) and sqlstate.startswith(_ABOUT_VALUES):
            driver = each if hasattr(each, "constraint_name") else getattr(each, "__cause__", None)
            named = [f"{name}={value}" for name in _NAMES if isinstance(value := getattr(driver, name, None), str)]
            statement = getattr(exception, "statement", None)
            told = f"PostgreSQL refused ({', '.join([sqlstate, *named])})."
            return f"{told} [SQL: {statement}]" if isinstance(statement, str) else told
    return None


def _told_if(can_be: re.Pattern[str], found: re.Match[str]) -> str:
    quoted = found.group()
    said = quoted.lstrip("bfruBFRU")
    closing = _CLOSING.get(said[0], said[0])
    is_name = said[1:].endswith(closing) and can_be.fullmatch(said[1:-1])
    return quoted if is_name else f"{said[0]}…{closing}"
