"""TOML that people write, with one kind of refusal whatever is wrong in it."""

import re
import sys
import tomllib
from typing import Any


def toml(text: str) -> dict[str, Any]:
    """What a text in TOML says.

    Raises:
        ValueError: It is none, or holds what no file of settings needs; in words for who wrote it.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        if str(fault).startswith("Invalid value (at line "):
            raise ValueError(f"{fault}; text stands in quotes") from None
        raise
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError:  # Python reads no number of so many digits, and tomllib leaves it to Python
        raise ValueError(f"a number has too many digits{_place(text)}") from None


def _place(text: str) -> str:
    found = re.search(rf"[0-9_]{{{sys.get_int_max_str_digits()}}}", text)
    return f" (at line {text.count(chr(10), 0, found.start()) + 1})" if found else ""
