"""The description of the API (OpenAPI 3.1), made from the endpoints' own declarations.

Litestar's generator is not used: it cannot tell of parameters that a struct declares, of problems, or of the text
beside a field, and it would describe its own errors, which nobody gets here.
"""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec

from threadly import __version__
from threadly.api.bodies import BodyInvalid, BodyMalformed
from threadly.api.endpoints import PLACEHOLDER, UPLOAD, Endpoint
from threadly.api.problems import MEDIA_TYPE, ProblemOut, told
from threadly.api.schemas import schemas_of
from threadly.core.asgi import (
    BodyIncomplete,
    BodyTooLarge,
    EncodingUnread,
    FramingRefused,
    HeadersTooLarge,
    ParameterInvalid,
    ParameterMalformed,
    ParameterRepeated,
    ParameterUnknown,
    QueryTooLong,
    UrlTooLong,
)
from threadly.core.auth import SignInNeeded
from threadly.core.database import DatabaseUnavailable
from threadly.core.errors import Invalid, NotFound, Problem, TooSlow, UnsupportedMediaType
from threadly.core.security import AtOnceReached
from threadly.core.security.limits import LimitReached
from threadly.core.uploads import FileTooLarge, UploadMalformed, UploadTooLarge, UploadTooSlow, UploadUnkept

Json = dict[str, Any]

_ABOUT: Final = """The shop's stock, for programs.

Money is a whole number of the currency's smallest unit. Times are UTC. Lists come in pages: `next` of one page is the
`cursor` of the one after it. Unknown and repeated parameters are refused, so that a typing error never silently means
something else. Every failure is a problem (RFC 9457) with a `code` for programs and a sentence for people.

To write, or to read what is your own, you need a session: signing up and signing in both answer with its `token`. Send
that with each request as `Authorization: Bearer`, until `DELETE /api/v1/session` ends the session:

    curl $SHOP/api/v1/members --json '{"username": "mila", "email": "mila@shop.example", "password": "seven coats"}'
    TOKEN=…  # from the answer
    curl $SHOP/api/v1/me --header "Authorization: Bearer $TOKEN"
"""

_TAGS: Final = {
    "Listings": "What is for sale, and what was.",
    "Categories": "The tree in which listings are found.",
    "Favourites": "The listings that you love.",
    "Selling": "What you sell: drafts, photos, and what is on sale.",
    "Members": "Your account, and the session that you use it by.",
}

_ALWAYS: Final = (
    LimitReached,
    AtOnceReached,
    Invalid,
    ParameterUnknown,
    QueryTooLong,
    UrlTooLong,
    HeadersTooLarge,
    DatabaseUnavailable,
    Problem,
)
_WITH_PARAMETERS: Final = (ParameterRepeated, ParameterMalformed, ParameterInvalid)
_WITH_BODY: Final = (
    UnsupportedMediaType,
    EncodingUnread,
    FramingRefused,
    BodyTooLarge,
    TooSlow,
    BodyIncomplete,
    BodyMalformed,
    BodyInvalid,
)
_WITH_UPLOAD: Final = (
    UnsupportedMediaType,
    EncodingUnread,
    FramingRefused,
    UploadMalformed,
    UploadTooLarge,
    FileTooLarge,
    UploadTooSlow,
    UploadUnkept,
)
_UPLOAD: Final = {
    "type": "object",
    "properties": {UPLOAD: {"type": "string", "format": "binary", "description": "The file."}},
    "required": [UPLOAD],
    "additionalProperties": False,
}
_SESSION: Final = "The `token` of a session, which signing up and signing in answer with."
_TEMPLATE: Final = "#/components/schemas/{name}"
_PATH_TYPES: Final = {"uuid": {"type": "string", "format": "uuid"}}


def document(endpoints: Sequence[Endpoint], *, prefix: str, title: str) -> Json:
    """The description of these endpoints.

    Raises:
        ValueError: Two shapes would have one public name.
    """
    shapes = [kind for endpoint in endpoints for kind in (endpoint.answer, endpoint.body) if kind is not None]
    kinds: list[type[msgspec.Struct]] = [*dict.fromkeys(shapes), ProblemOut]
    references, components = schemas_of(kinds, ref_template=_TEMPLATE)
    schema: dict[type[msgspec.Struct], Json] = dict(zip(kinds, references, strict=True))
    components["ProblemOut"]["additionalProperties"] = True
    if len({_public(name) for name in components}) != len(components):
        raise ValueError(f"two of these shapes have one public name: {', '.join(components)}")

    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        path = prefix + PLACEHOLDER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, schema)
    described: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title} API",
            "version": __version__,
            "description": _ABOUT.rstrip(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This shop."}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {_public(name): schema | {"title": _public(name)} for name, schema in components.items()},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer", "description": _SESSION}},
        },
    }
    renamed: Json = _renamed(described)
    return renamed


def _operation(endpoint: Endpoint, schema: Mapping[type[msgspec.Struct], Json]) -> Json:
    parameters: list[Json] = [
        {"name": name, "in": "path", "required": True, "description": "The id.", "schema": _PATH_TYPES[kind]}
        for name, kind in PLACEHOLDER.findall(endpoint.path)
    ]
    refuses = [*endpoint.refuses, *_ALWAYS, *([NotFound] if parameters else [])]
    operation: Json = {
        "operationId": endpoint.id,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": inspect.cleandoc(endpoint.function.__doc__ or ""),
        "parameters": parameters,
    }
    if endpoint.asked is not None:
        refuses += _WITH_PARAMETERS
        parameters += endpoint.asked.document()
    if endpoint.needs_actor:
        refuses.append(SignInNeeded)
        operation["security"] = [{"session": []}]
    if endpoint.body is not None:
        refuses += _WITH_BODY
        content = _content(schema[endpoint.body], endpoint.body_example)
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.takes_upload:
        refuses += _WITH_UPLOAD
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    operation["responses"] = _answers(endpoint, schema) | _problems(refuses)
    return operation


def _answers(endpoint: Endpoint, schema: Mapping[type[msgspec.Struct], Json]) -> Json:
    """What it answers when all is well."""
    if endpoint.answer is None:
        return {str(endpoint.status): {"description": "Done.", "headers": _PRIVATE}}
    content = _content(schema[endpoint.answer], endpoint.example)
    if endpoint.kept_for is None:
        return {str(endpoint.status): {"description": "The answer.", "headers": _PRIVATE, "content": content}}
    headers = {
        "Cache-Control": _header(f"public, max-age={endpoint.kept_for}; private with a session cookie."),
        "ETag": _header("Names these bytes; send it as If-None-Match to be told when nothing has changed."),
    }
    return {
        str(endpoint.status): {"description": "The answer.", "headers": headers, "content": content},
        "304": {"description": "Nothing has changed since the answer that If-None-Match names."},
    }


def _content(schema: Json, example: msgspec.Struct | None) -> Json:
    shown: Json = {"schema": schema}
    if example is not None:
        shown["example"] = msgspec.to_builtins(example)
    return {"application/json": shown}


def _problems(refuses: Iterable[type[Problem]]) -> Json:
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in dict.fromkeys(refuses):
        by_status.setdefault(kind.status, []).append(kind)
    return {str(status): _problem_answer(status, kinds) for status, kinds in sorted(by_status.items())}


def _problem_answer(status: int, kinds: list[type[Problem]]) -> Json:
    answer: Json = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{kind.code}`' for kind in kinds)}.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": _TEMPLATE.format(name="ProblemOut")},
                "examples": {kind.code: {"summary": kind.title, "value": told(kind())} for kind in kinds},
            }
        },
    }
    if any(kind().retry_after_seconds is not None for kind in kinds):
        answer["headers"] = {"Retry-After": _header("Seconds after which it makes sense to try again.")}
    return answer


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


_PRIVATE: Final = {"Cache-Control": _header("private, no-store: the answer is for you alone.")}


def _public(name: str) -> str:
    """A schema's name to everybody else: `ListingOut` is a `Listing`, and a `Node` a `Category`."""
    return {"Node": "Category"}.get(name, name.removesuffix("Out"))


def _renamed(value: Any) -> Any:  # noqa: ANN401
    """JSON in which every reference names a schema by its public name."""
    if isinstance(value, list | tuple):
        return [_renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _TEMPLATE.format(name=_public(inner.rpartition("/")[2])) if key == "$ref" else _renamed(inner)
        for key, inner in value.items()
    }
