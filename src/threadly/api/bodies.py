"""Request bodies, read strictly: a type is that type, a name is a known name, once, and no text holds a NUL.

Text is tidied as that of forms is: NFC, lines ended by a line feed, trimmed; but for `AsTyped`.

Litestar's own `data` would take "5" for a number, 5.0 for an integer, and ignore what it does not know.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec

from threadly.core.asgi import BodyLimit, Receive, Scope, headers_by_name, metered, shown, whole_body
from threadly.core.errors import Invalid, UnsupportedMediaType
from threadly.core.text import is_as_typed, normalised, tidied

BodyT = TypeVar("BodyT", bound=msgspec.Struct)

BODY: Final = BodyLimit(64 * 1024)
"""Of an endpoint that says nothing else."""
_JSON: Final = "application/json"
_NUL: Final = "\0"
_NAMED: Final = re.compile(r"(?<=unknown field `)[^\n]*(?=`)")


class BodyMalformed(Invalid):
    """The body is not JSON, or not text in UTF-8."""

    code = "body_malformed"
    title = "We could not read this as JSON."


class BodyInvalid(Invalid):
    """The body is JSON, and not of the shape that the endpoint takes."""

    code = "body_invalid"
    title = "Something in this request is not as it should be."


def reader(kind: type[BodyT], *, limit: BodyLimit = BODY) -> Callable[[Scope, Receive], Awaitable[BodyT]]:
    """What reads a request's body as `kind`, a struct with `forbid_unknown_fields`.

    It raises UnsupportedMediaType, BodyTooLarge, TooSlow, BodyMalformed and BodyInvalid.

    Raises:
        TypeError: The struct would ignore fields that it does not know.
    """
    if not kind.__struct_config__.forbid_unknown_fields:
        raise TypeError(f"{kind.__name__} must be declared with forbid_unknown_fields=True")
    decoder = msgspec.json.Decoder(kind, strict=True)

    async def read(scope: Scope, receive: Receive) -> BodyT:
        media_type, _, parameters = headers_by_name(scope).text(b"content-type").partition(";")
        if media_type.strip().lower() != _JSON or parameters.strip().lower() not in {"", "charset=utf-8"}:
            raise UnsupportedMediaType("Send it as application/json.")
        return decode(await whole_body(metered(receive, limit)), decoder)

    return read


def decode(raw: bytes, decoder: msgspec.json.Decoder[BodyT]) -> BodyT:
    """A body's value.

    Raises:
        BodyMalformed: Not JSON.
        BodyInvalid: Another shape, a name that is not known or stands twice, a NUL.
    """
    try:
        found = decoder.decode(raw)
    except msgspec.ValidationError as error:
        wrong: Invalid = BodyInvalid(f"{_NAMED.sub(_as_shown, str(error))}.")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        wrong = BodyMalformed()
    else:
        json.loads(raw, object_pairs_hook=_members)
        return _tidy(found)
    raise wrong


def _tidy(found: BodyT) -> BodyT:
    changes: dict[str, str] = {}
    for field in msgspec.structs.fields(found):
        value = getattr(found, field.name)
        if type(value) is str:
            clean = normalised(value) if is_as_typed(field.type) else tidied(value)
            if clean != value:
                changes[field.name] = clean
    return msgspec.structs.replace(found, **changes) if changes else found


def _as_shown(found: re.Match[str]) -> str:
    return shown(found.group())


def _members(pairs: list[tuple[str, Any]]) -> None:
    """Looks at one object's members; the value is nobody's, since msgspec has made the one that counts."""
    names = {name for name, _ in pairs}
    if len(names) != len(pairs):
        raise BodyInvalid("A name stands twice in one object.")
    for name, value in pairs:
        if _holds_nul(name) or _holds_nul(value):
            raise BodyInvalid(f"Text cannot hold the character NUL - at `{shown(name)}`.")


def _holds_nul(value: object) -> bool:
    return (isinstance(value, str) and _NUL in value) or (isinstance(value, list) and any(map(_holds_nul, value)))
