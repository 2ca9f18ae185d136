"""How what an act has changed is told to people: a line for each fact, `place: Sofia → Varna`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from threadly.commands.acts import SettingsChanged
from threadly.core.audit import Recorded

NOTHING: Final = "–"
_LONGEST: Final = 300
_CUT: Final = "cut"


def told(act: Recorded) -> Iterator[str]:
    """What was, and what is; of what was too long to be kept, that it was."""
    if act.act == SettingsChanged.name:
        yield _of_settings(act.before, act.after or {})
        return
    for facts, when in ((act.before, "was"), (act.after, "is")):
        if facts is not None and facts.get(_CUT) is True:
            yield f"what it {when} was too long to be kept: {_shown(facts.get('names'))}"
            return
    before, after = act.before or {}, act.after or {}
    for name in dict.fromkeys((*before, *after)):
        now = _shown(after.get(name))
        was = f"{_shown(before.get(name))} → " if act.before is not None else ""
        yield f"{_words(name)}: {was}{now}" if act.after is not None else f"{_words(name)}: was {_shown(before[name])}"


def _of_settings(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    if before is None:
        return "the first start that was recorded"
    if "changed" not in after:  # it, or the one before, is of a release that kept no names
        was, now = (_shown(facts.get("digest")) for facts in (before, after))
        return f"which settings changed was not recorded; digest {was} → {now}"
    return f"changed: {_shown(after['changed'])}"


def _shown(value: object) -> str:
    """A value as people read it, in one line, without what would steer a terminal."""
    match value:
        case _ if value in (None, "", [], {}):
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case Mapping():
            return ", ".join(f"{_words(str(name))} {_shown(each)}" for name, each in value.items())
        case str():
            line = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
            return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
        case Sequence():
            return ", ".join(map(_shown, value))
    return str(value)


def _words(name: str) -> str:
    return _shown(name.replace("_", " "))
