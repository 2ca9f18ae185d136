"""What the handlers of all pages share."""

from dataclasses import dataclass

from litestar.response.base import ASGIResponse

from threadly.core.database import Cursors, Database
from threadly.web.departments import Departments
from threadly.web.pages import AnyRequest, Pages


@dataclass(frozen=True, slots=True)
class Site:
    """The shop window: where its facts come from, and what draws it."""

    db: Database
    cursors: Cursors
    currency: str
    pages: Pages
    departments: Departments

    async def page(self, request: AnyRequest, template: str, /, **context: object) -> ASGIResponse:
        """A page with the site's navigation around it."""
        shelves = await self.departments.shelves()
        return self.pages.respond(request, template, menu=shelves.menu, **context)
