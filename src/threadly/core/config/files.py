"""Settings in files: a secrets directory, a `.env`, and a file in TOML.

Docker and Kubernetes mount secrets so that everybody in the container can read them, unless told otherwise; so that is
taken as it is. What others can *write* is unsafe, for then they can set it: a secrets directory and its files, where
everybody or a group can; a `.env` or a TOML file, where everybody can. A `.env` or a TOML file that holds a secret, and
that everybody on the machine can read, is warned of.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from threadly.core.config import dotenv
from threadly.core.config.forms import is_secret
from threadly.core.config.mistakes import Mistake
from threadly.core.config.names import NESTED, Names
from threadly.core.config.nearest import nearest
from threadly.core.config.section import Section
from threadly.core.config.sources import ENVIRONMENT, Given, Source, sorted_out
from threadly.core.config.toml import key_lines, toml

_MOST_BYTES: Final = 1 << 20
_EVERYBODY: Final = stat.S_IWOTH
_OTHERS: Final = stat.S_IWOTH | stat.S_IWGRP


def secrets_source(names: Names, folder: Path) -> Source:
    """A directory with a file for each variable, as Docker and Kubernetes mount secrets: `/run/secrets/THREADLY_…`.

    A file is called as its variable, in capital or in small letters; the newline at its end does not count.
    """
    try:
        found = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        unsafe = list(_unsafe(folder, names.secrets_dir, _OTHERS))
    except OSError as refusal:
        return _unreadable(names, names.secrets_dir, "directory", refusal)
    given: dict[str, Given] = {}
    twice, unread, hidden = [], [], set()
    for path in found:
        name = path.name.upper()
        if name not in names.variables and name not in names.aliases and names.refusal(name, "") is None:
            continue  # somebody else's
        try:
            read = Given(name, _text(path).removesuffix("\n").removesuffix("\r"), str(path))
            unsafe += _unsafe(path, names.secrets_dir, _OTHERS)
        except (OSError, ValueError) as refusal:
            unread.append(Mistake(f"{path}: {_why(refusal)}.", name, str(path)))
            hidden.add(names.aliases.get(name, name))
            continue
        if (first := given.setdefault(name, read)) is not read:
            twice.append(Mistake(f"{path}: {name} stands in {first.place} already.", name, str(path)))
    source = sorted_out(names, given.values())
    source.mistakes += twice
    source.unread, source.hidden, source.unsafe = unread, hidden, unsafe
    return source


def env_source(names: Names, path: Path) -> Source:
    """A `.env` file."""
    try:
        lines = dotenv.lines(_text(path), file=str(path))
    except (OSError, ValueError) as refusal:
        return _unreadable(names, names.env_file, "file", refusal)
    source = sorted_out(names, lines.given)
    source.unsafe += _unsafe(path, names.env_file, _EVERYBODY)
    source.mistakes += lines.mistakes
    for refused in lines.unread:
        variable = names.aliases.get(refused.variable, refused.variable)
        is_ours = variable in names.variables
        source.unread.append(refused if is_ours else replace(refused, variable=""))  # it may be no name, but a value
        source.hidden |= {variable} if is_ours else set() if variable else names.variables.keys()
    _warn_if_open(names, path, source)
    return source


def toml_source(names: Names, path: Path) -> Source:
    """A file in TOML: `[database]` with `pool_size = 10` is THREADLY_DATABASE__POOL_SIZE."""
    try:
        text = _text(path)
        content = toml(text)
    except OSError as refusal:
        return _unreadable(names, names.config_file, "file", refusal)
    except ValueError as refusal:
        told = Mistake(f"{path}: {refusal}.", names.config_file, str(path))
        return Source(unread=[told], hidden=set(names.variables))
    source = Source(unsafe=list(_unsafe(path, names.config_file, _EVERYBODY)))
    lines = key_lines(text)

    def place(keys: tuple[str, ...]) -> str:
        return f"{path}:{lines[keys]}" if keys in lines else str(path)

    for keys, value, kind in _flat(names.kind, content, ()):
        variable = names.prefix + NESTED.join(keys).upper()
        if variable in names.variables:
            source.given[variable] = Given(variable, value, place(keys))
        else:
            close = nearest(keys[-1], kind.model_fields)
            hint = f"; did you mean {'.'.join((*keys[:-1], close))}?" if close else "."
            says = f"{place(keys)}: {'.'.join(keys)} is no setting{hint}"
            source.mistakes.append(Mistake(says, variable, place(keys)))
    _warn_if_open(names, path, source)
    return source


def _flat(
    kind: type[Section], content: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, type[Section]]]:
    """Each value with the keys that lead to it, and the section that it is in."""
    for key, value in content.items():
        field = kind.model_fields.get(key)
        found = field.annotation if field is not None else None
        if isinstance(found, type) and issubclass(found, Section) and isinstance(value, dict):
            yield from _flat(found, value, (*above, key))
        else:
            yield (*above, key), value, kind


def _text(path: Path) -> str:
    """What is in a file.

    Raises:
        OSError, ValueError: It cannot be read, or should not be; `_why` says it.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a pipe would keep us waiting
        raise ValueError("is no file")
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"is larger than {_MOST_BYTES >> 10} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError("is no text in UTF-8")
    return text


def _why(refusal: Exception) -> str:
    return f"cannot be read: {refusal.strerror}" if isinstance(refusal, OSError) else str(refusal)


def _unreadable(names: Names, variable: str, what: str, refusal: Exception) -> Source:
    """A place that was named and cannot be used; its name is not repeated, since it may have been given by mistake."""
    says = f"{variable} ({ENVIRONMENT}) should name a {what} that can be read; the one it names {_why(refusal)}."
    return Source(unread=[Mistake(says, variable, ENVIRONMENT)], hidden=set(names.variables))


def _unsafe(path: Path, variable: str, who: int) -> Iterator[Mistake]:
    """That these can write there; not where nobody can: Kubernetes mounts secrets to be read only, as drwxrwxrwt."""
    mode = path.stat().st_mode & who
    if mode and not os.statvfs(path).f_flag & os.ST_RDONLY:
        others = "everybody" if mode & _EVERYBODY else "a group"
        says = f"{path} can be written by {others}, who can then set what stands there; chmod go-w {path}."
        yield Mistake(says, variable, str(path))


def _warn_if_open(names: Names, path: Path, source: Source) -> None:
    secret = next(_secrets(names, source.given), None)
    if secret is not None and path.stat().st_mode & stat.S_IROTH:
        says = f"{path} can be read by everybody on this machine, and holds {secret}; chmod o-r {path}."
        source.warnings.append(Mistake(says, secret, str(path)))


def _secrets(names: Names, given: Iterable[str]) -> Iterator[str]:
    return (name for name in given if is_secret(names.variables[name].field))
