"""What Pydantic refuses, in our words: each by its variable, where it stands, what it should be, and an example."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, get_args

from pydantic_core import ErrorDetails

from threadly.core.config.forms import example_of, first_sentence, form_of, made_by
from threadly.core.config.mistakes import Mistake
from threadly.core.config.names import NESTED, Variable
from threadly.core.config.nearest import nearest
from threadly.core.config.section import Section
from threadly.core.config.sources import Gathered, Given

_OF_A_KEY: Final = "[key]"  # what Pydantic adds where the key itself is wrong
_OWN_WORDS: Final = ("value_error", "assertion_error")


def mistakes(errors: Sequence[ErrorDetails], gathered: Gathered) -> list[Mistake]:
    """What is wrong with values, or missing; each once."""
    told = (mistake for error in _first(errors) for mistake in _mistakes(error, gathered))
    return list(dict.fromkeys(told))


def _first(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Those that do not follow from others: a list of which one part is wrong is not too short besides."""
    places = [error["loc"] for error in errors]
    for error in errors:
        if not any(place[: len(error["loc"])] == error["loc"] != place for place in places):
            yield error


def _mistakes(error: ErrorDetails, gathered: Gathered) -> Iterator[Mistake]:
    """One error in words; a section that is missing is as many as it has required fields."""
    names = gathered.names
    parts = [part for part in error["loc"] if isinstance(part, str) and part != _OF_A_KEY]
    if error["type"] == "one_is_missing":
        parts.append(error["ctx"]["field"])
        error["type"] = "missing"
    variable = names.prefix + NESTED.join(parts).upper()
    found = gathered.at(variable)
    if found is None:
        if error["type"] != "missing":
            yield Mistake(f"{variable}: {_in_words(error)}.", variable)
            return
        for name, missing in names.variables.items():
            is_asked = name == variable or (name.startswith(variable + NESTED) and missing.field.is_required())
            if is_asked and name not in gathered.hidden:
                yield _missing(missing, gathered)
        return
    given, deeper = found
    name = f"{given.name}{deeper.replace(NESTED, '.').lower() if ':' in given.name else deeper}"
    called = f"{name} ({given.place})" if given.place else name
    known = names.variables.get(variable)
    if error["type"] == "missing":
        yield Mistake(f"{called} is missing.", variable, given.place)
    elif error["type"] == "extra_forbidden":
        *section, key = map(str, error["loc"])
        close = nearest(key, _keys(names.kind, section))
        yield Mistake(f"{called} is no setting{f'; did you mean {close}?' if close else '.'}", variable, given.place)
    elif known is None:
        yield Mistake(f"{called}: {_in_words(error)}.", variable, given.place)
    else:
        yield _refused(called, known, error, given)


def _refused(called: str, known: Variable, error: ErrorDetails, given: Given) -> Mistake:
    form, example = form_of(known.field), example_of(known.field)
    should = f"should be {form}{_as_in(known)}."
    is_part = any(isinstance(part, int) for part in error["loc"])
    if given.value == "":
        says = f"{called} is empty; it {should}"
    elif error["type"] in _OWN_WORDS or is_part:
        says = f"{called}: {'a part of it ' if is_part else ''}{_in_words(error)}. It {should}"
    else:
        says = f"{called} {should}"
    return Mistake(says, known.name, given.place, form, example)


def _missing(missing: Variable, gathered: Gathered) -> Mistake:
    near = gathered.names.near(missing.name, gathered.others)
    hint = f" {near} is set; is that the one?" if near else ""
    form = form_of(missing.field)
    return Mistake(
        f"{gathered.names.called(missing.name)} is missing: {first_sentence(missing.field)} "
        f"It should be {form}{_as_in(missing)}.{hint}",
        missing.name,
        form=form,
        example=example_of(missing.field),
    )


def _as_in(known: Variable) -> str:
    if command := made_by(known.field):
        return f", made by `{command}`"
    example = example_of(known.field)
    return f", like {example}" if example else ""


def _in_words(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")


def _keys(kind: type[Section], section: Iterable[str]) -> list[str]:
    """What a section within a section has, also where it may be left out."""
    for name in section:
        found = kind.model_fields[name].annotation
        (kind,) = (part for part in (found, *get_args(found)) if isinstance(part, type) and issubclass(part, Section))
    return list(kind.model_fields)
