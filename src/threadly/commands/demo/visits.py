"""One visit after another: each is written down, with what was wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from threadly.commands.demo.client import Answer, Client, Form, Page

HTML: Final = "text/html"
JSON: Final = "application/json"
WEBP: Final = "image/webp"

_SIZES: Final = (320, 640, 1280)
_SEE_OTHER: Final = 303


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit."""

    what: str
    path: str
    status: str
    size_bytes: int
    seconds: float
    wrong: str | None
    """None when it was as it should be."""


@dataclass(slots=True)
class Visits:
    """Goes from page to page, writing down what it sees; one failure does not end the tour."""

    client: Client
    on_seen: Callable[[Seen], None]
    seen: list[Seen] = field(default_factory=list)

    def get(self, what: str, path: str, *, content_type: str, status: int = 200, holds: str = "") -> Answer | None:
        """Asks for a path; the answer if it is what it should be."""
        answer = self._asked(what, path, lambda: self.client.get(path))
        if answer is None:
            return None
        wrong = None
        if answer.status != status:
            wrong = f"status {answer.status}, not {status}"
        elif answer.content_type != content_type:
            wrong = f"{answer.content_type or 'no content type'}, not {content_type}"
        elif holds.encode() not in answer.body:
            wrong = f"does not hold {holds!r}"
        self._note(Seen(what, path, str(answer.status), len(answer.body), answer.seconds, wrong))
        return None if wrong else answer

    def post(self, what: str, path: str, form: Form) -> str | None:
        """Sends a form; where it leads on to, if it was taken."""
        answer = self._asked(what, path, lambda: self.client.post(path, form))
        if answer is None:
            return None
        wrong = None if answer.status == _SEE_OTHER else f"status {answer.status}, not {_SEE_OTHER}"
        self._note(Seen(what, path, str(answer.status), len(answer.body), answer.seconds, wrong))
        return None if wrong else answer.headers["location"]

    def pictures(self, page: Page, path: str) -> None:
        """The first picture that a listing's page shows, in every size."""
        first = next((address for address in page.pictures if address.startswith("/media/")), None)
        if first is None:
            self.expect("picture", path, "the listing shows no picture")
            return
        stem = first.rpartition("-")[0]
        for size in _SIZES:
            self.get(f"picture, {size} px", f"{stem}-{size}.webp", content_type=WEBP)

    def expect(self, what: str, path: str, missing: str) -> None:
        """Writes down something that should have been in a page and was not."""
        self._note(Seen(what, path, "—", 0, 0.0, missing))

    def _asked(self, what: str, path: str, ask: Callable[[], Answer]) -> Answer | None:
        try:
            return ask()
        except Exception as failure:  # noqa: BLE001  whatever it was, it is the finding
            self.client.close()
            self._note(Seen(what, path, "—", 0, 0.0, f"no answer: {failure!r}"))
            return None

    def _note(self, seen: Seen) -> None:
        self.seen.append(seen)
        self.on_seen(seen)
