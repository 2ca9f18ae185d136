"""The shop in JSON, under /api/v1: strict about what it is asked, documented from its own declarations.

`routes(services)` are its routes; `problem_answer` answers any failure under /api.
"""

from functools import cache

from litestar import Router

from threadly.api import avatars, catalog, favourites, listings, members, photos, search, selling
from threadly.api.callers import knows_caller
from threadly.api.docs import Written, pages, written
from threadly.api.endpoints import routed
from threadly.api.openapi import document
from threadly.api.problems import problem_answer
from threadly.failures import problem_of
from threadly.wiring import Services

__all__ = ["ENDPOINTS", "PREFIX", "knows_caller", "problem_answer", "problem_of", "routes"]

PREFIX = "/api/v1"
ENDPOINTS = (
    listings.find,
    listings.get,
    search.facets,
    search.suggestions,
    catalog.categories,
    *selling.ENDPOINTS,
    *photos.ENDPOINTS,
    favourites.mine,
    favourites.add,
    favourites.remove,
    members.sign_up,
    members.sign_in,
    members.sign_out,
    members.me,
    members.edit,
    *avatars.ENDPOINTS,
)


def routes(services: Services) -> Router:
    """The routes of the API and of its documentation. Connects to nothing."""
    return Router(
        path=PREFIX,
        route_handlers=[*routed(ENDPOINTS, services), *pages(_documentation(services.settings.site.name))],
    )


@cache  # for each application of this process
def _documentation(title: str) -> Written:
    return written(document(ENDPOINTS, prefix=PREFIX, title=title))
