"""The API's documentation, to be read by programs (openapi.json) and by people (a page).

The page is drawn here, from the description itself, by one template and one style sheet: no script at all, nothing from
elsewhere, readable under the strictest content security policy. A viewer from npm would be a megabyte of scripts that
also wants inline styles.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any, Final, NamedTuple

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from threadly.api.endpoints import RouteHandler, fixed
from threadly.core.asgi import entity_tag
from threadly.core.errors import every_problem

_CODE: Final = re.compile("`([^`]+)`")
_FOLDER: Final = Path(__file__).parent


class Written(NamedTuple):
    """The documentation, as it is sent."""

    description: bytes
    page: bytes
    style: bytes


def written(described: dict[str, Any]) -> Written:
    """The documentation of an API that is described so."""
    style = (_FOLDER / "docs.css").read_bytes()
    page = render(described, style_version=entity_tag(style)[3:-1]).encode()
    return Written(msgspec.json.format(msgspec.json.encode(described), indent=2), page, style)


def pages(documentation: Written) -> Sequence[RouteHandler]:
    """The routes of it."""
    return [
        _fixed("/openapi.json", documentation.description, "application/json"),
        _fixed("/docs", documentation.page, "text/html; charset=utf-8"),
        _fixed("/docs.css", documentation.style, "text/css; charset=utf-8"),
    ]


def render(described: dict[str, Any], *, style_version: str) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "type": _type,
        "json": _json,
        "bounds": _bounds,
        "paragraphs": _paragraphs,
        "said": _said,
        "dedented": dedent,
    }
    problems = sorted(every_problem(), key=lambda kind: (kind.status, kind.code))
    return environment.get_template("docs.html").render(api=described, problems=problems, style_version=style_version)


def _fixed(path: str, content: bytes, media_type: str) -> RouteHandler:
    return fixed(path, content, {"content-type": media_type, "cache-control": "public, max-age=300"})


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _said(text: str) -> Markup:
    """Prose, with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just here


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def _type(schema: dict[str, Any]) -> str:
    """What a schema describes, in a few words; a reference is its name."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_type(alternative) for alternative in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"{value}" for value in schema["enum"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format", kind))


def _bounds(schema: dict[str, Any]) -> str:
    """What a value may be beyond its type, and what it is when left out."""
    said = []
    if "minimum" in schema:
        said.append(f"{schema['minimum']} to {schema['maximum']}" if "maximum" in schema else f"≥ {schema['minimum']}")
    if "maxLength" in schema:
        said.append(f"at most {schema['maxLength']} characters")
    if "default" in schema:
        said.append(f"{schema['default'] if schema['default'] != '' else 'empty'} if left out")
    return ", ".join(said)
