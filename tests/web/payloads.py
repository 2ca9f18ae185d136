"""Texts that would run, if a page took them for markup; and what a page consists of."""

import json
from html.parser import HTMLParser
from typing import Any, Final

MARK: Final = "pwned"
PAYLOADS: Final = (
    "<script>pwned()</script>", "<ScRiPt src=//pwned.example></sCrIpT>", "<img src=x onerror=pwned()>",
    "<svg/onload=pwned()>", "<svg><script>pwned()</script>", '"><script>pwned()</script>', "'><img src=x>pwned",
    '" onmouseover="pwned()', "' autofocus onfocus='pwned()", "` onload=`pwned()", "</title><script>pwned()</script>",
    "</textarea><svg onload=pwned()>", "</script><script>pwned()</script>", "--><script>pwned()</script>",
    "]]><script>pwned()</script>", "<!--<script>pwned()", "<iframe srcdoc='pwned'>", "<base href=//pwned.example>",
    "<meta http-equiv=refresh content=0;pwned>", "<a href=javascript:pwned()>x</a>", "javascript:pwned()//",
    "{{ 7*7 }}pwned", "{% raw %}pwned", "${7*7}pwned", "#{7*7}pwned", "&lt;script&gt;pwned", "&#60;script&#62;pwned",
    "\\u003cscript\\u003epwned", "+ADw-script+AD4-pwned", "<\u0131mg src=x>pwned", "\uff1cscript\uff1epwned",
    "%3Cscript%3Epwned", "<style>@import'//pwned'", "<details open ontoggle=pwned()>", "<math><mi//xlink:href=pwned>",
)  # fmt: skip


class Page(HTMLParser):
    """What a browser makes of a page: its elements with the names of their attributes, its data and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[tuple[str, frozenset[str]]] = set()
        self.scripts = 0
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.data: list[Any] = []
        self._is_data = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.elements.add((tag, frozenset(told)))
        self.scripts += tag == "script"
        self._is_data = tag == "script" and told.get("type") == "application/ld+json"
        self.addresses += [told[name] or "" for name in ("href", "src", "action", "formaction") if name in told]
        self.texts += [value for value in told.values() if value]

    def handle_data(self, data: str) -> None:
        if self._is_data:
            assert "<" not in data
            self.data.append(json.loads(data))
        self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False

    def handle_comment(self, data: str) -> None:
        assert MARK not in data

    def shows(self, text: str) -> bool:
        """Whether this stands there as text, whole."""
        return any(text in each for each in self.texts)
