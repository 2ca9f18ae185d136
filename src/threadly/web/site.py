"""What the handlers of all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from litestar.response.base import ASGIResponse

from threadly import entrance
from threadly.core.asgi import Scope, SessionCookie
from threadly.core.auth import Actor, AuthSettings, SignInNeeded
from threadly.core.database import Cursors, Database
from threadly.core.errors import Refusal
from threadly.core.security import CsrfTokens
from threadly.languages import Language
from threadly.marketplace import storefront
from threadly.marketplace.listings import Audience
from threadly.marketplace.media import Pictures
from threadly.marketplace.storefront import Visitor
from threadly.web.departments import Departments
from threadly.web.pages import AnyRequest, Pages
from threadly.wiring import Services

_ACTOR: Final = "threadly.actor"  # what a request is found out to be stays in its scope
_VISITOR: Final = "threadly.visitor"


@dataclass(frozen=True, slots=True)
class Site:
    """The shop window: where its facts come from, and what draws it."""

    services: Services
    db: Database
    url: str
    """Where browsers find it, without a path."""
    media_at: str
    """The origin of its pictures; empty: its own."""
    cursors: Cursors
    currency: str
    pages: Pages
    departments: Departments
    auth: AuthSettings
    session_cookie: SessionCookie
    pictures: Pictures
    audience: Audience
    csrf_tokens: CsrfTokens

    def language(self, request: AnyRequest) -> Language:
        """The language of the address that was asked for."""
        return self.pages.language(request)

    async def actor(self, request: AnyRequest) -> Actor | None:
        """Who asks, by the session whose cookie the request carries. Looked up once a request."""
        scope = cast("Scope", request.scope)
        if _ACTOR not in scope:
            token = entrance.by_cookie(self.services, scope)
            scope[_ACTOR] = await entrance.recognised(self.services, scope, token) if token else None
        actor: Actor | None = scope[_ACTOR]
        return actor

    async def signed_in(self, request: AnyRequest) -> Actor:
        """Who asks.

        Raises:
            SignInNeeded: Nobody who has signed in; answered with the way to sign in.
        """
        actor = await self.actor(request)
        if actor is None:
            raise SignInNeeded
        return actor

    async def visitor(self, request: AnyRequest) -> Visitor | None:
        """Who asks, as pages greet them; `actor` in every template."""
        scope = cast("Scope", request.scope)
        if _VISITOR not in scope:
            actor = await self.actor(request)
            if actor is None:
                scope[_VISITOR] = None
            else:
                async with self.db.read() as read:
                    scope[_VISITOR] = await storefront.visitor(read, actor.id)
        return self.known_visitor(request)

    def known_visitor(self, request: AnyRequest) -> Visitor | None:
        """Who asks, as far as this request has been looked into. Looks nothing up, so it also serves an error page."""
        visitor: Visitor | None = cast("Scope", request.scope).get(_VISITOR)
        return visitor

    def carries_session(self, request: AnyRequest) -> bool:
        """Whether somebody may have signed in. Looks nothing up either."""
        return entrance.by_cookie(self.services, cast("Scope", request.scope)) is not None

    def csrf_token(self, request: AnyRequest) -> str:
        """What forms show so that browsers which say nothing of themselves may send them; "" without a session."""
        session = entrance.by_cookie(self.services, cast("Scope", request.scope))
        return self.csrf_tokens.issue(session) if session else ""

    async def page(
        self,
        request: AnyRequest,
        template: str,
        /,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> ASGIResponse:
        """A page with the site's navigation around it."""
        visitor = await self.visitor(request)
        shelves = await self.departments.shelves()
        menu = shelves.menus[self.language(request).code]
        return self.pages.respond(
            request,
            template,
            status=status,
            headers=headers,
            menu=menu,
            actor=visitor,
            csrf_token=self.csrf_token(request),
            **context,
        )

    async def form_page(
        self,
        request: AnyRequest,
        template: str,
        /,
        *,
        values: object,
        refusals: Mapping[str, Refusal] | None = None,
        **context: object,
    ) -> ASGIResponse:
        """A page with a form, filled with `values`; once more, with 422, if some of its fields were refused.

        try:
            await self.db.run(members.edit, …)
        except FieldsRefused as refused:
            return await site.form_page(request, "members/account.html", values=written, refusals=refused.refusals)
        """
        given = {"values": values, "refusals": refusals or {}} | context
        return await self.page(request, template, status=422 if refusals else 200, headers=None, **given)
