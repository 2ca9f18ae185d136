"""HTML pages: rendered from templates, and sent so that caches may share exactly what everybody may see.

Guaranteed: a request without a session cookie gets bytes that depend on its address alone, with an ETag, for any cache
to keep; one with a session cookie gets an answer that no cache keeps. The headers of htmx change nothing, so a part of
a page can never stand in a cache for the whole: htmx selects from the whole page what it needs.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from litestar import HttpMethod, Request
from litestar.datastructures import State
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK
from markupsafe import Markup

from threadly.core import clock
from threadly.core.asgi import Scope, entity_tag, has_session, is_known
from threadly.settings import SiteSettings
from threadly.web import money, wording
from threadly.web.assets import Assets, answer

SHARED: Final = "public, max-age=30, s-maxage=60, stale-while-revalidate=300"
PRIVATE: Final = "private, no-store"
HTML: Final = "text/html; charset=utf-8"

_FOLDER: Final = Path(__file__).parent / "templates"

AnyRequest = Request[Any, Any, State]


class Pages:
    """Renders templates. All of them are compiled when this is made, so that a broken one is found at the start."""

    def __init__(self, site: SiteSettings, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self._environment.filters |= {"money": _money, "day": wording.day, "month": wording.month, "query": _query}
        self._environment.globals |= {
            "site": site,
            "at": "",
            "asset": assets.url,
            "icons": Markup(assets.text("icons.svg")),  # noqa: S704 - our own drawings
            "wordmark": Markup(assets.text("wordmark.svg")),  # noqa: S704
            "conditions": wording.CONDITIONS,
            "conditions_explained": wording.CONDITIONS_EXPLAINED,
        }
        self._templates: dict[str, Template] = {
            name: self._environment.get_template(name) for name in self._environment.list_templates(["html"])
        }

    def render(self, template: str, /, **context: object) -> str:
        """A template's text.

        Raises:
            UndefinedError: It names something that it was not given.
        """
        return self._templates[template].render(context)

    def respond(
        self,
        request: AnyRequest,
        template: str,
        /,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> ASGIResponse:
        """A page for whoever asks: shared without a session, private with one; 304 when the asker has it already.

        Args:
            status: Of an answer that is no page to be kept, such as a form of which fields were refused.
            headers: Further ones, for an answer that nobody keeps.
        """
        context = {"actor": None} | context
        body = self.render(template, now=clock.now(), **context).encode()
        head = request.method == HttpMethod.HEAD
        if status != HTTP_200_OK or headers or has_session(cast("Scope", request.scope)):
            return answer(body, HTML, {"cache-control": PRIVATE, **(headers or {})}, head=head, status=status)
        tag = entity_tag(body)
        # Cookie: what a browser kept from before its owner signed in does not answer afterwards.
        kept = {"cache-control": SHARED, "etag": tag, "vary": "cookie"}
        if is_known(tag, request.headers.get("if-none-match")):
            return ASGIResponse(status_code=304, headers=kept)
        return answer(body, HTML, kept, head=head)


def _money(minor: int, currency: str) -> str:
    return money.money(minor, currency)


def _query(parameters: Mapping[str, str | None]) -> str:
    """`?a=1&b=2` of what is given, or nothing."""
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""
