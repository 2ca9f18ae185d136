"""What the check's client sees of a page."""

from threadly.commands.demo.client import Answer, Form, Page

HTML = """
<html><head><link rel="stylesheet" href="/static/a.css"><link rel="canonical" href="/x">
<script src="/static/a.js"></script></head>
<body><a href="/one?a=1&amp;b=2">One</a><a rel="next" href="/two">Next</a>
<img src="/media/p-320.webp" srcset="/media/p-320.webp 320w, /media/p-640.webp 640w" alt="">
<input type="hidden" name="version" value="7"></body></html>
"""


def test_a_page_tells_its_links_assets_pictures_and_what_follows() -> None:
    page = Page.of(Answer("/", 200, "text/html", {}, HTML.encode(), 0.0))
    assert page.links == ["/one?a=1&b=2", "/two"]
    assert page.assets == ["/static/a.css", "/static/a.js"]
    assert page.pictures == ["/media/p-320.webp", "/media/p-320.webp", "/media/p-640.webp"]
    assert page.next == "/two"
    assert page.values == {"version": "7"}


def test_a_form_with_a_file_is_sent_in_parts() -> None:
    media_type, body = Form({"title": "Coat"}, ("photos", "image/jpeg", b"\xff\xd8")).encoded()
    boundary = media_type.removeprefix("multipart/form-data; boundary=").encode()

    before, title, photo, after = body.split(b"--" + boundary)
    assert (before, after) == (b"", b"--\r\n")
    assert title == b'\r\nContent-Disposition: form-data; name="title"\r\n\r\nCoat\r\n'
    assert photo.startswith(b'\r\nContent-Disposition: form-data; name="photos"; filename="photo"\r\n')
    assert photo.endswith(b"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n")


def test_a_form_without_one_is_sent_like_an_address() -> None:
    assert Form({"q": "levis & co"}).encoded() == ("application/x-www-form-urlencoded", b"q=levis+%26+co")
