"""The shop in HTML: works without JavaScript, better with it, and has no script, style or handler within its pages.

`face = web.face(services)` gives the application `face.routes` to mount at `/`, and `face.problem` to answer any
failure outside of the API with.
"""

from dataclasses import dataclass
from typing import Final

from litestar import Router
from litestar.di import Provide
from litestar.response.base import ASGIResponse

from threadly import site_folder
from threadly.core.auth import SignInNeeded
from threadly.languages import Languages
from threadly.site_folder import shipped_pages
from threadly.web import my_listings, sell
from threadly.web.about import about
from threadly.web.account import (
    account,
    change_password,
    edit_profile,
    end_other_sessions,
    end_session,
    remove_avatar,
    set_avatar,
)
from threadly.web.assets import Assets, static
from threadly.web.catalog import category
from threadly.web.departments import Departments
from threadly.web.entrance import sign_in, sign_in_page, sign_out, sign_up, sign_up_page
from threadly.web.favourites import heart, mine, unheart
from threadly.web.listings import listing
from threadly.web.look import Look
from threadly.web.media import PATHS as PICTURES
from threadly.web.media import media
from threadly.web.members import member
from threadly.web.own_pages import OwnPages, in_order
from threadly.web.pages import AnyRequest, Pages
from threadly.web.prefixes import Prefixes
from threadly.web.problems import problem_page
from threadly.web.redirects import to_sign_in
from threadly.web.search import search, suggestions
from threadly.web.security_txt import security_txt
from threadly.web.site import Site
from threadly.web.sitemaps import Files, file, robots, sitemap
from threadly.web.storefront import home
from threadly.wiring import Services

__all__ = ["PICTURES", "TRUSTED_TYPES", "Face", "Prefixes", "face"]

TRUSTED_TYPES: Final = "htmx"
"""What assets/trusted.js lets htmx do; no other script makes HTML or scripts of text."""


@dataclass(frozen=True, slots=True)
class Face:
    """The HTML face, built."""

    routes: list[Router]
    site: Site
    languages: Languages
    """What its addresses speak: the application takes the language off each, by `Prefixes`."""

    def problem(self, request: AnyRequest, failure: Exception) -> ASGIResponse:
        """A page that tells of a failure, or the way to sign in where that is what is missing. Looks nothing up."""
        if isinstance(failure, SignInNeeded):
            return to_sign_in(request)
        return problem_page(self.site, request, failure)


def face(services: Services) -> Face:
    """Builds the face: reads the built assets and the site's folder, compiles every template. Connects to nothing.

    Raises:
        ConfigurationError: The folder cannot be used.
    """
    settings = services.settings.site
    look = Look(settings, site_folder.own(settings.folder))
    assets = Assets(own=look.files())
    languages = Languages(settings.languages, settings.country, look.own.messages)
    own_pages = OwnPages(in_order(look.own.pages, shipped_pages(), settings.pages), languages)
    media_at = services.media_at
    pages = Pages(look, assets, languages, own_pages, media_at=media_at)
    files = Files(services.db)
    site = Site(
        services=services,
        db=services.db,
        url=settings.url,
        media_at=media_at,
        cursors=services.cursors,
        currency=settings.currency,
        pages=pages,
        departments=Departments(services.db, pages),
        auth=services.settings.auth,
        session_cookie=services.session_cookie,
        pictures=services.pictures,
        audience=services.audience,
        csrf_tokens=services.csrf_tokens,
    )
    router = Router(
        path="/",
        route_handlers=[
            about,
            *(home, category, search, suggestions, listing, member),
            *(heart, unheart, mine),
            *(sitemap, file, robots),
            *([security_txt] if settings.security_contact else []),
            sign_up_page,
            sign_up,
            sign_in_page,
            sign_in,
            sign_out,
            account,
            set_avatar,
            remove_avatar,
            edit_profile,
            change_password,
            end_session,
            end_other_sessions,
            *sell.routes,
            *my_listings.routes,
            static,
            media,
        ],
        dependencies={
            "site": Provide(lambda: site, sync_to_thread=False),
            "own_pages": Provide(lambda: own_pages, sync_to_thread=False),
            "files": Provide(lambda: files, sync_to_thread=False),
            "assets": Provide(lambda: assets, sync_to_thread=False),
            "store": Provide(lambda: services.pictures.store, sync_to_thread=False),
            "are_pictures_apart": Provide(lambda: bool(media_at), sync_to_thread=False),
        },
        include_in_schema=False,
    )
    return Face(routes=[router], site=site, languages=languages)
