"""What templates say: `{{ _("…") }}` and `{% trans %}` in one language.

As Jinja's own “new style”: the sentence is HTML that we wrote, its `%(names)s` are values that are escaped. Without
looking up who is asked for each of the forty sentences of a page: a sentence without values is made once.
"""

from collections.abc import Callable
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from threadly.languages import Language

_MOST_KEPT: Final = 4000


def install(environment: Environment, language: Language) -> None:
    """Lets an environment's templates speak a language."""
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= _functions(language)


def _functions(language: Language) -> dict[str, Callable[..., Markup]]:
    kept: dict[str, Markup] = {}

    def gettext(message: str, /, **values: Any) -> Markup:  # noqa: ANN401 - whatever a template has
        if values:
            return Markup(language.gettext(message)) % values  # noqa: S704 - our own words
        said = kept.get(message)
        if said is None:
            said = Markup(language.gettext(message)) % {}  # noqa: S704 - our own words
            if len(kept) < _MOST_KEPT:
                kept[message] = said
        return said

    def ngettext(one: str, many: str, count: int, /, **values: Any) -> Markup:  # noqa: ANN401
        return Markup(language.ngettext(one, many, count)) % {"num": count, **values}  # noqa: S704 - our own words

    def pgettext(context: str, message: str, /, **values: Any) -> Markup:  # noqa: ANN401
        return Markup(language.pgettext(context, message)) % {"context": context, **values}  # noqa: S704 - our own words

    def npgettext(context: str, one: str, many: str, count: int, /, **values: Any) -> Markup:  # noqa: ANN401
        said = language.npgettext(context, one, many, count)
        return Markup(said) % {"context": context, "num": count, **values}  # noqa: S704 - our own words

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext}
