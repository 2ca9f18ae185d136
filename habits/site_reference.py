"""Writes docs/reference/site.md: every key of a site's folder and of its environment, from the settings themselves."""

from collections.abc import Iterator
from typing import Final

from pydantic.fields import FieldInfo

from threadly.core.config import forms
from threadly.settings import SiteSettings
from threadly.site_folder import Palette

FILE: Final = "docs/reference/site.md"

_NOT_IN_THE_FILE: Final = {"folder"}
_NOT_IN_THE_ENVIRONMENT: Final = {"tagline", "colours"}


def text() -> str:
    """The page."""
    return "\n".join(
        [
            "# The site's settings",
            "",
            "<!-- Written by `python -m habits --write` from the settings themselves. -->",
            "",
            "[The guide](../guide/your-own-site.md) shows how. A variable wins over the file.",
            "",
            "| in site.toml | in the environment | if not said | what it is |",
            "|---|---|---|---|",
            *_rows(),
            "",
            "## Colours",
            "",
            "`[colours.light]` and `[colours.dark]` each have all of these, as `#rrggbb`.",
            "",
            "| key | what it is |",
            "|---|---|",
            *(f"| `{name}` | {_told(field)} |" for name, field in Palette.model_fields.items()),
            "",
        ]
    )


def _rows() -> Iterator[str]:
    for name, field in SiteSettings.model_fields.items():
        key = "" if name in _NOT_IN_THE_FILE else f"`{name}`"
        variable = "" if name in _NOT_IN_THE_ENVIRONMENT else f"`THREADLY_SITE__{name.upper()}`"
        yield f"| {key} | {variable} | {_default(field)} | {_told(field)} |"


def _told(field: FieldInfo) -> str:
    return forms.told(field).replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    default = forms.default_of(field)
    return default and f"`{default}`"
