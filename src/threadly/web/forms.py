"""Forms, read strictly: known names, each once unless it is declared as a list; readable text; so many bytes.

    class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        title: str = ""
        colours: tuple[str, ...] = ()
        is_gift: bool = False
        brand_id: UUID | None = None
        password: AsTyped = ""

    written = await form(request, Written)

What people type is text (`str`), whatever it should be: rules of a slice look at it, and a refusal returns it as it was
written. Other types are for what the page itself sends, such as ids and choices: what they cannot take is no mistake of
a person's. A box is true when it is there. Text is normalised (NFC), its lines end in a line feed, and it is trimmed;
`AsTyped` is normalised only. Left empty means None where None may be.
"""

import types
from collections.abc import Callable, Iterable
from functools import cache
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

import msgspec

from threadly.core.asgi import BodyLimit, ParameterMalformed, Receive, metered, pairs, shown, whole_body
from threadly.core.errors import Invalid, TooLarge, UnsupportedMediaType
from threadly.core.security.csrf import FIELD
from threadly.core.text import is_as_typed, normalised, tidied
from threadly.web.pages import AnyRequest

FormT = TypeVar("FormT", bound=msgspec.Struct)

MOST_FIELDS: Final = 200
URL_ENCODED: Final = "application/x-www-form-urlencoded"


class FormMalformed(Invalid):
    """A form holds something that its page does not send: an unknown or repeated name, or what is no text."""

    code = "form_malformed"
    title = "We could not read this form. Please load the page again."


class FormTooLarge(TooLarge):
    """A form is longer than its page needs."""

    code = "form_too_large"
    title = "This is too much at once. Please send less."


FORM: Final = BodyLimit(64 * 1024, too_large=FormTooLarge)
"""For a route that takes a form: `body=FORM`. One that is only a button has a token in it at most."""


async def form(request: AnyRequest, kind: type[FormT], *, limit: BodyLimit = FORM) -> FormT:
    """What a page's form sent.

    Args:
        kind: A struct with `forbid_unknown_fields`; a field without a default must be there.
        limit: As the route has it.

    Raises:
        UnsupportedMediaType: It is no form.
        FormTooLarge: It is longer than the limit allows.
        TooSlow: It did not come in time.
        FormMalformed: It is not what the page sends.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != URL_ENCODED:
        raise UnsupportedMediaType("Send it as a form.")
    return read(await whole_body(metered(cast("Receive", request.receive), limit)), kind)


def read(raw: bytes, kind: type[FormT]) -> FormT:
    """An encoded form.

    Raises:
        FormMalformed: It is not what the page sends.
    """
    if raw.count(b"&") >= MOST_FIELDS:
        raise FormMalformed(most_fields=MOST_FIELDS)
    try:
        return filled(pairs(raw), kind)
    except ParameterMalformed as refusal:
        raise FormMalformed(refusal.detail, field=refusal.facts["parameter"]) from None


def filled(given: Iterable[tuple[str, str]], kind: type[FormT]) -> FormT:
    """A form by its names and values.

    Raises:
        FormMalformed: A name is not known, or stands twice; a value is not of its type, or missing.
    """
    fields, values = _fields(kind), dict[str, Any]()
    for name, text in given:
        if name == FIELD:  # has been looked at (`SameOrigin`)
            continue
        if name not in fields:
            raise FormMalformed(field=shown(name))
        tidy, is_list = fields[name]
        if is_list:
            values.setdefault(name, []).append(tidy(text))
        elif name in values:
            raise FormMalformed(field=name)
        else:
            values[name] = tidy(text)
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError:
        raise FormMalformed from None


_Tidy = Callable[[str], Any]


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[_Tidy, bool]]:
    """How the text of each field is tidied, and whether there may be several.

    Raises:
        TypeError: The struct would ignore fields that it does not know.
    """
    if not kind.__struct_config__.forbid_unknown_fields:
        raise TypeError(f"{kind.__name__} must be declared with forbid_unknown_fields=True")
    return {field.encode_name: _tidying(field.type) for field in msgspec.structs.fields(kind)}


def _tidying(type_: Any) -> tuple[_Tidy, bool]:  # noqa: ANN401 - any annotation
    origin = get_origin(type_)
    if origin is Annotated:
        return (normalised, False) if is_as_typed(type_) else _tidying(get_args(type_)[0])
    if origin in {list, tuple}:
        return _tidying(get_args(type_)[0])[0], True
    if origin in {Union, types.UnionType} and type(None) in get_args(type_):
        return _tidied_or_none, False
    return (_is_there, False) if type_ is bool else (tidied, False)


def _tidied_or_none(text: str) -> str | None:
    return tidied(text) or None


def _is_there(_text: str) -> bool:
    return True
