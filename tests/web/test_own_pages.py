"""An owner's Markdown becomes a page that cannot do anything."""

import pytest

from threadly.languages import Languages
from threadly.site_folder import WrittenPage
from threadly.web.own_pages import OwnPages, PageNotFound, in_order, markdown

TERMS = WrittenPage("terms", 1, {"": "# Spielregeln\n\n[Mehr](/about/imprint)", "en": "# Rules"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A & B", "<h1>A &amp; B</h1>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,a)", "<p>[x](data:text/html,a)</p>"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
        ("![x](https://evil.example/count.gif)", '<p>!<a href="https://evil.example/count.gif">x</a></p>'),
        ("[x](https://example.org/)", '<p><a href="https://example.org/">x</a></p>'),
        ("[x](mailto:a@example.org)", '<p><a href="mailto:a@example.org">x</a></p>'),
        ("[x](/about/imprint)", '<p><a href="/de/about/imprint">x</a></p>'),
        ("[x](/static/file.txt)", '<p><a href="/static/file.txt">x</a></p>'),
    ],
)
def test_markdown_cannot_do_anything(text: str, html: str) -> None:
    assert markdown(text, "/de").strip() == html


def test_each_language_has_its_pages_or_those_of_the_first() -> None:
    german, english, bulgarian = languages = Languages(["de", "en", "bg"], "DE")
    pages = OwnPages([TERMS], languages)

    assert [pages.page(language, "terms").heading for language in languages] == ["Spielregeln", "Rules", "Spielregeln"]
    assert pages.page(bulgarian, "terms").language == "de"
    assert 'href="/bg/about/imprint"' in pages.page(bulgarian, "terms").body
    assert [page.name for page in pages.links(english)] == ["terms"]
    with pytest.raises(PageNotFound):
        pages.page(german, "nothing")


def test_own_pages_stand_before_ours_and_in_their_place() -> None:
    ours = [WrittenPage("terms", 1000, {"en": "# Ours"}), WrittenPage("contact", 1003, {"en": "# Contact"})]

    assert [page.order for page in in_order([TERMS], ours, ())] == [1, 1003]
    assert [page.name for page in in_order([TERMS], ours, ("contact", "terms"))] == ["contact", "terms"]
    assert [page.name for page in in_order([TERMS], ours, ("contact",))] == ["contact"]
