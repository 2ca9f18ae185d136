"""Pages about the shop: which files they are, in which order, for which reader."""

import time
from pathlib import Path

import pytest

from threadly.site_folder import Folder, WrittenPage, heading, shipped_pages
from threadly.site_folder.pages import written


def pages(root: Path, **files: str) -> tuple[tuple[WrittenPage, ...], list[str]]:
    (root / "pages").mkdir()
    for name, text in files.items():
        (root / "pages" / name).write_text(text)
    mistakes: list[str] = []
    return written(Folder(root, mistakes)), mistakes


def test_pages_are_ordered_by_their_number_and_then_by_name(tmp_path: Path) -> None:
    files = {"terms.md": "# T", "2-b.md": "# B", "10-a.md": "# A", "2-b.en.md": "# B2", "about-us.md": "# U"}
    found, mistakes = pages(tmp_path, **files)

    assert ([page.name for page in found], mistakes) == (["b", "a", "about-us", "terms"], [])
    assert found[0].texts == {"": "# B", "en": "# B2"}


@pytest.mark.parametrize(
    ("texts", "reader", "said"),
    [
        ({"": "erste", "en": "other"}, "en", ("other", "en")),
        ({"": "erste", "en": "other"}, "de", ("erste", "de")),
        ({"": "erste", "en": "other"}, "bg", ("erste", "de")),
        ({"de": "erste", "en": "other"}, "bg", ("erste", "de")),
        ({"en": "other", "bg": "второ"}, "de", ("other", "en")),
        ({"bg": "второ"}, "de", ("второ", "bg")),
    ],
)
def test_a_reader_gets_their_language_or_the_shops_first(
    texts: dict[str, str], reader: str, said: tuple[str, str]
) -> None:
    assert WrittenPage("terms", 1, texts).in_language(reader, "de") == said


def test_a_page_is_linked_by_its_first_heading(tmp_path: Path) -> None:
    assert heading("Before.\n\n# Our *terms* #\n\n# Second\n") == "Our *terms*"
    assert heading("## Too deep\n") == ""
    assert pages(tmp_path, **{"a.md": "no heading"})[1] == [
        "pages/a.md: has no heading (a line “# Terms”), by which pages link to it."
    ]


def test_a_page_has_a_size_within_which_reading_it_takes_no_time(tmp_path: Path) -> None:
    most = "# T\n".ljust(64 * 1024, "a")
    found, mistakes = pages(tmp_path, **{"fits.md": most, "terms.md": most + "a"})

    assert ([page.name for page in found], mistakes) == (["fits"], ["pages/terms.md: is larger than 64 KiB."])


def test_a_heading_is_found_in_linear_time() -> None:
    began = time.process_time()

    assert heading("# a" + " " * 60_000 + "b") == "a" + " " * 60_000 + "b"
    assert heading("# a" + "#\t" * 30_000 + "b") == "a" + "#\t" * 30_000 + "b"
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("line", "text"), [("# T #", "T"), ("#  T ## ", "T"), ("#\tC#", "C"), ("# #", ""), ("# a # b", "a # b")]
)
def test_the_signs_around_a_heading_are_left_out(line: str, text: str) -> None:
    assert heading(line) == text


@pytest.mark.parametrize("name", ["Terms.md", "terms.txt", "terms.DE.md", "über.md", "a_b.md", "1-.md"])
def test_a_name_that_no_address_can_have_is_told(tmp_path: Path, name: str) -> None:
    found, mistakes = pages(tmp_path, **{name: "# T"})

    assert (found, len(mistakes)) == ((), 1)
    assert mistakes[0].startswith(f"pages/{name}: should be called")


def test_ours_say_in_each_language_that_the_owner_must_replace_them() -> None:
    says = {"en": "must replace this page", "bg": "трябва да замени тази страница", "de": "muss der Betreiber"}

    assert [page.name for page in shipped_pages()] == ["terms", "privacy", "imprint", "contact"]
    for page in shipped_pages():
        assert {language for language in says if says[language] in page.texts[language]} == set(says)
