"""`threadly keys list | new | rotate | retire`."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from threadly.commands.acts import KeyMade, KeyRetired, note_key
from threadly.commands.errors import KeysUnchanged
from threadly.commands.terminal import console, counted
from threadly.core import clock
from threadly.core.audit import Act
from threadly.core.config import Reading
from threadly.core.config.keeping import keep
from threadly.core.keys import Key, KeyRing, made_now
from threadly.settings import SecuritySettings, security_reading

KEYS: Final = "THREADLY_SECURITY__KEYS"
SECRET: Final = "THREADLY_SECURITY__SECRET"  # noqa: S105  a name
OVERLAP: Final = timedelta(days=1)
"""How long what an old key has signed is worth waiting for: pages that are open."""
_ENDS: Final = (
    "What it has signed ends: forms of pages that are open now in browsers of before 2020, which have to be loaded "
    "again; marks of lists, which begin at their first page again; today's looks, which count once more. Nobody is "
    "signed out."
)
_RESTART: Final = "Now start each server anew, one after the other: `threadly serve` and `threadly work`."
_RESTART_AT_ONCE: Final = (
    "Now start all servers anew, all at the same time if you can: `threadly serve` and `threadly work`. Until then "
    "each takes what that key has signed."
)

keys = App(
    name="keys",
    help_epilogue="",
    help="Change the keys that sign tokens and marks, without anybody noticing.",
    help_format="markdown",
)


@keys.command(name="list")
def list_keys(*, json: Annotated[bool, Parameter(negative=())] = False) -> None:
    """List the keys by their ids: how old each is, which signs, and where they stand. Shows nothing of a secret.

    Example: `threadly keys list`

    Parameters
    ----------
    json
        Print one list, for programs.
    """
    reading = security_reading()
    ring, now = reading.usable().ring, clock.now()
    told = [_told(key, ring, reading, now) for key in ring.keys]
    to = console()
    if json:
        to.out(msgspec.json.encode(told).decode(), highlight=False)
        return
    for each in told:
        age = "age unknown" if each["days"] is None else f"{counted(int(str(each['days'])), 'day')} old"
        to.print(f"{each['id']:<16}  {each['does']:<24}  {age:<12}  {escape(str(each['place']))}")


@keys.command
def new(*, file: Annotated[Path | None, Parameter(show_default=False)] = None) -> None:
    """Make a key that nobody guesses: print it, or put it into a new file that only you may read.

    Example: `threadly keys new`

    Parameters
    ----------
    file
        Where it goes; a file that is there stays as it is.
    """
    if file is None:
        console().out(made_now(), highlight=False)
        return
    if file.exists():
        raise KeysUnchanged(f"{file} is there already.")
    _kept(file, [made_now()])
    Console(stderr=True, highlight=False).print(f"[green]✓[/] {escape(str(file))} holds a new key.")


@keys.command
async def rotate() -> None:
    """Add a key, which signs in time.

    In a directory of secrets (`THREADLY_SECRETS_DIR`) it is put into the file beside the others. Otherwise it is
    printed, and you add it to the variable, behind a comma. Then start all servers anew, one after the other, within
    THREADLY_SECURITY__KEYS_REST; after that the key signs, and the older ones only verify.

    Example: `threadly keys rotate`
    """
    reading = security_reading()
    settings = reading.usable()
    newest, begins = settings.ring.keys[0], settings.ring.keys[0].made + settings.keys_rest
    if len(settings.ring.keys) > 1 and begins > clock.now():
        raise KeysUnchanged(f"{newest.id} is still so new that it does not sign: it begins at {_time(begins)}.")
    key = made_now(after=newest.made)
    id = key.partition(":")[0]
    to = Console(stderr=True, highlight=False, soft_wrap=True)
    if (file := _file(reading)) is not None:
        _kept(file, [key, *_written(settings)])
        to.print(f"[green]✓[/] {escape(str(file))} holds the key {id} as well. {_RESTART}")
    else:
        console().out(key, highlight=False)
        to.print(f"Add it to {_called(reading, KEYS)}, behind a comma if there are others. {_RESTART}")
    begins = clock.now() + settings.keys_rest
    await _note(KeyMade, id, "keys rotate", {"printed": file is None}, to)
    to.print(f"{id} signs from {_time(begins)} on; be done with that by then. A day later: `threadly keys retire ID`.")


@keys.command
async def retire(id: str, /, *, at_once: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Take a key away, by its id, and say what ends with it.

    Refuses a key that signs, or did within the last day: pages that are open may still show what it has signed.

    Example: `threadly keys retire 20261127T234055Z`

    Parameters
    ----------
    id
        As `threadly keys list` shows it.
    at_once
        Take it away all the same: somebody else has learned it.
    """
    reading = security_reading()
    settings = reading.usable()
    ring = settings.ring
    key = next((key for key in ring.keys if key.id == id), None)
    if key is None:
        raise KeysUnchanged(f"There is no key with this id, but {', '.join(each.id for each in ring.keys)}.")
    if len(ring.keys) == 1:
        raise KeysUnchanged(f"{id} is the only key; `threadly keys rotate` adds another.")
    if not at_once and (until := _needed_until(key, ring)) > clock.now():
        when = f"the next one signs from {_time(until - OVERLAP)} on"
        raise KeysUnchanged(f"{id} is still of use until {_time(until)}: {when}. {_ENDS} If it leaked: --at-once.")
    to = Console(stderr=True, highlight=False, soft_wrap=True)
    restart = _RESTART_AT_ONCE if at_once else _RESTART
    if key.id == "first":
        file = _file(reading, SECRET)
        if file is not None:
            _removed(file)
    elif (file := _file(reading)) is not None:
        _kept(file, [each for each in _written(settings) if not each.startswith(f"{id}:")])
    if file is not None:
        to.print(f"[green]✓[/] {escape(str(file))} no longer holds {id}. {restart}")
    elif key.id == "first":
        to.print(f"Take {_called(reading, SECRET)} away. {restart}")
    else:
        to.print(f"Take the part of {_called(reading, KEYS)} away that begins with {id}: {restart}")
    await _note(KeyRetired, id, "keys retire", {"at_once": at_once, "removed": file is not None}, to)
    to.print(_ENDS)


async def _note(act: type[Act], id: str, command: str, after: Mapping[str, object], to: Console) -> None:
    if (why := await note_key(act, id, command=command, after=after)) is not None:
        to.print(f"[yellow]![/] This is not in the audit log: {escape(why)}")


def _told(key: Key, ring: KeyRing, reading: Reading[SecuritySettings], now: datetime) -> dict[str, object]:
    signs = ring.signing(now)
    does = (
        "signs"
        if key is signs
        else f"signs from {_time(key.made + ring.rests)}"
        if key.made > signs.made
        else "verifies"
    )
    is_first = key.id == "first"
    return {
        "id": key.id,
        "made": None if is_first else key.made,
        "days": None if is_first else max((now - key.made).days, 0),
        "does": does,
        "place": reading.places.get(SECRET if is_first else KEYS, ""),
    }


def _needed_until(key: Key, ring: KeyRing) -> datetime:
    """A day after the next newer one signs; for the newest, as long as it signs."""
    newer = [each for each in ring.keys if each.made > key.made]
    if newer:
        return newer[-1].made + ring.rests + OVERLAP
    return clock.now() + OVERLAP if ring.signing() is key else clock.now()


def _file(reading: Reading[SecuritySettings], variable: str = KEYS) -> Path | None:
    """The file of a variable in a directory of secrets; for keys that stand nowhere yet, where it would be."""
    folder = os.environ.get(reading.names.secrets_dir)
    if not folder:
        return None
    place = reading.places.get(variable)
    if place is None:
        return Path(folder) / variable if variable == KEYS else None
    return Path(place) if Path(place).parent == Path(folder) else None


def _written(settings: SecuritySettings) -> list[str]:
    return [key.get_secret_value() for key in settings.keys]


def _kept(file: Path, written: list[str]) -> None:
    """Writes the keys, each a line."""
    try:
        keep(file, "\n".join(written))
    except OSError as refusal:
        raise KeysUnchanged(_unwritable(file, refusal)) from None


def _removed(file: Path) -> None:
    try:
        file.unlink()
    except OSError as refusal:
        raise KeysUnchanged(_unwritable(file, refusal)) from None


def _unwritable(file: Path, refusal: OSError) -> str:
    return (
        f"{file} cannot be written: {refusal.strerror}. Where secrets are mounted to be read only, change them where "
        f"they come from: `threadly keys new` prints a key to add."
    )


def _called(reading: Reading[SecuritySettings], variable: str) -> str:
    place = reading.places.get(variable)
    return f"{variable} ({escape(place)})" if place else variable


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
