"""The reference of a site's settings names each of them."""

from habits import site_reference
from threadly.settings import SiteSettings
from threadly.site_folder import Palette


def test_every_setting_and_every_colour_is_named() -> None:
    page = site_reference.text()

    for name in SiteSettings.model_fields.keys() - {"folder"}:
        assert f"| `{name}` |" in page
    for name in Palette.model_fields:
        assert f"| `{name}` |" in page
    assert "| `currency` | `THREADLY_SITE__CURRENCY` | `EUR` |" in page
    assert "|  | `THREADLY_SITE__FOLDER` |  |" in page
