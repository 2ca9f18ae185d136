"""HTML pages: rendered from templates, and sent so that caches may share exactly what everybody may see.

Guaranteed: a request without a session cookie gets bytes that depend on its address alone, with an ETag, for any cache
to keep; one with a session cookie gets an answer that no cache keeps. The headers of htmx change nothing, so a part of
a page can never stand in a cache for the whole: htmx selects from the whole page what it needs.
"""

from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from litestar import HttpMethod, Request
from litestar.datastructures import State
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK
from markupsafe import Markup

from threadly.core.asgi import Scope, entity_tag, has_session, is_known
from threadly.languages import Language, Languages
from threadly.web import speech, wording
from threadly.web.assets import Assets, answer
from threadly.web.devices import device
from threadly.web.look import Look
from threadly.web.own_pages import OwnPages
from threadly.web.query import own_query

SHARED: Final = "public, max-age=30, s-maxage=60, stale-while-revalidate=300"
PRIVATE: Final = "private, no-store"
HTML: Final = "text/html; charset=utf-8"

_FOLDER: Final = Path(__file__).parent / "templates"

_IN_PATHS: Final = "/:@!$&'()*+,;=~"

AnyRequest = Request[Any, Any, State]


class Pages:
    """Renders templates. All of them are compiled when this is made, so that a broken one is found at the start.

    Each language has templates of its own, made of the same compiled code, so that nothing that a template includes or
    imports can speak another one.
    """

    def __init__(
        self, look: Look, assets: Assets, languages: Languages, own: OwnPages | None = None, *, media_at: str = ""
    ) -> None:
        self.languages = languages
        self._environments: dict[str, Environment] = {}
        self._templates: dict[str, dict[str, Template]] = {}
        for language in languages:
            environment = _environment(language)
            environment.globals |= {
                "site": look.site,
                "media_at": media_at,
                "about_links": () if own is None else own.links(language),
                **look.described(language),
                "spoken": tuple(languages),
                "first_language": languages.first,
                "asset": assets.url,
                "icons": Markup(assets.text("icons.svg")),  # noqa: S704 - our own drawings
                "wordmark": Markup(assets.text("wordmark.svg")),  # noqa: S704 - our own drawing
            }
            self._environments[language.code] = environment
            self._templates[language.code] = {
                name: environment.get_template(name) for name in environment.list_templates(["html"])
            }

    def language(self, request: AnyRequest) -> Language:
        """The language of the address that was asked for."""
        return self.languages.of(cast("Scope", request.scope))

    def environment(self, language: Language) -> Environment:
        """What a language's templates find around them."""
        return self._environments[language.code]

    def render(self, language: Language, template: str, /, **context: object) -> str:
        """A template's text.

        Raises:
            UndefinedError: It names something that it was not given.
        """
        return self._templates[language.code][template].render(context)

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
        context = {"actor": None, "csrf_token": "", "own_address": _address(request)} | context
        body = self.render(self.language(request), template, **context).encode()
        head = request.method == HttpMethod.HEAD
        if status != HTTP_200_OK or headers or has_session(cast("Scope", request.scope)):
            return answer(body, HTML, {"cache-control": PRIVATE, **(headers or {})}, head=head, status=status)
        tag = entity_tag(body)
        # Cookie: what a browser kept from before its owner signed in does not answer afterwards.
        kept = {"cache-control": SHARED, "etag": tag, "vary": "cookie"}
        if is_known(tag, request.headers.get("if-none-match")):
            return ASGIResponse(status_code=304, headers=kept)
        return answer(body, HTML, kept, head=head)


def _environment(language: Language) -> Environment:
    """What templates find around them, in one language."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.i18n"],
    )
    speech.install(environment, language)
    environment.filters |= {
        "money": language.money,
        "number": language.number,
        "day": language.day,
        "month": language.month,
        "named": language.named,
        "said": language.said,
        "query": _query,
        "device": device,
    }
    environment.globals |= {
        "language": language,
        "at": language.at,
        "letters": "cyrillic" if language.script == "Cyrl" else "latin",
        "conditions": language.each(wording.CONDITIONS),
        "conditions_explained": language.each(wording.CONDITIONS_EXPLAINED),
    }
    return environment


class _Compiled(BytecodeCache):
    """Keeps the code of templates, which this process makes for one language after another."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED: Final = _Compiled()


def _address(request: AnyRequest) -> str:
    """The address that was asked for, without its language, and without what others hung on it."""
    path = quote(request.scope["path"], safe=_IN_PATHS)
    query = own_query(request.scope["query_string"]).decode("latin-1")
    return f"{path}?{query}" if query else path


def _query(parameters: Mapping[str, str | None]) -> str:
    """`?a=1&b=2` of what is given, or nothing."""
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""
