"""What the check's client sees of a page."""

from threadly.commands.demo.client import Answer, Page

HTML = """
<html><head><link rel="stylesheet" href="/static/a.css"><link rel="canonical" href="/x">
<script src="/static/a.js"></script></head>
<body><a href="/one?a=1&amp;b=2">One</a><a rel="next" href="/two">Next</a>
<img src="/media/p-320.webp" srcset="/media/p-320.webp 320w, /media/p-640.webp 640w" alt=""></body></html>
"""


def test_a_page_tells_its_links_assets_pictures_and_what_follows() -> None:
    page = Page.of(Answer("/", 200, "text/html", {}, HTML.encode(), 0.0))
    assert page.links == ["/one?a=1&b=2", "/two"]
    assert page.assets == ["/static/a.css", "/static/a.js"]
    assert page.pictures == ["/media/p-320.webp", "/media/p-320.webp", "/media/p-640.webp"]
    assert page.next == "/two"
