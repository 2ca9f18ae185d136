"""A folder is read whole, and all that is wrong in it is told at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from threadly.core.config import ConfigurationError
from threadly.site_folder import OwnSite, own, read

EXAMPLE = Path(__file__).parents[2] / "examples/sites/kleine-runde"


CATALOGUE = """
[[departments]]
name = "A"
groups = [{ name = "B", sizes = "feet", leaves = ["C", "C"] }]
"""


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def test_without_a_folder_the_site_is_threadlys_own() -> None:
    assert own(None) == OwnSite()


def test_an_empty_folder_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == (OwnSite(), [])


def test_the_example_has_all_that_a_site_can_have() -> None:
    site, mistakes = read(EXAMPLE)

    assert mistakes == []
    assert site.settings["name"] == "Kleine Runde"
    assert site.logo is not None
    assert site.favicon is not None
    assert [page.name for page in site.pages] == ["so-gehts", "terms", "privacy", "imprint"]
    assert site.reference is not None
    assert site.reference.colours  # ours, since the folder has none
    assert site.messages["en"].one("Kinder") == "Children"
    assert site.sample["kinder/schuhe/sandalen"] == "kids/shoes/sandals"


def test_all_that_is_wrong_is_told_at_once_by_file(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "site.toml": "name = ",
            "sit.toml": "",
            "logo.svg": "not drawn",
            "logo.png": "not a picture",
            "favicon.svg": b"x" * (64 * 1024 + 1),
            "pages/Terms.md": "# T",
            "catalogue/categories.toml": CATALOGUE,
            "catalogue/shoes.toml": "",
            "translations/german.txt": "",
            "translations/de.po": 'msgid "Hi %(name)s"\nmsgstr "Hallo %(nome)s"\n\nmsgid "Sign in"\nmsgstr "100 %"\n',
            "sample.toml": "leaves = 3\nfruit = 1",
        },
    )
    _, mistakes = read(tmp_path)

    assert [mistake.partition(":")[0].partition(",")[0] for mistake in mistakes] == [
        "sit.toml",
        "site.toml",
        "logo.svg",
        "logo.png",
        "logo.png",
        "favicon.svg",
        "pages/Terms.md",
        "catalogue/shoes.toml",
        "catalogue/categories.toml",
        "catalogue/categories.toml",
        "catalogue/categories.toml",
        "catalogue/categories.toml",
        "translations/de.po",
        "translations/de.po",
        "translations/german.txt",
        "sample.toml",
        "sample.toml",
    ]
    assert "did you mean site.toml?" in mistakes[0]
    with pytest.raises(ConfigurationError) as refusal:
        own(tmp_path)
    assert refusal.value.problems == mistakes


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere")[1] == ["The site's folder is none."]


@pytest.mark.parametrize("file", ["site.toml", "sample.toml", "catalogue/brands.toml"])
@pytest.mark.parametrize(
    ("value", "told"),
    [("[" * 5000, "is nested too deeply."), ("9" * 5000, "a number has too many digits (at line 1).")],
)
def test_toml_that_python_fails_to_read_is_told_by_its_file(tmp_path: Path, file: str, value: str, told: str) -> None:
    assert read(make(tmp_path, {file: f"brands = {value}"}))[1] == [f"{file}: {told}"]
