"""Nothing leaves that should not."""

from tests.core.observability.tracing.told import Told
from threadly.core.observability.tracing import Exporter, Tracing, TracingSettings
from threadly.core.observability.tracing.ended import MOST_CHARACTERS
from threadly.core.observability.tracing.provider import Provider


def hide(name: str, text: str) -> str:
    """Cleans what the tests plant."""
    return "[hidden]" if name == "password" else text.replace("secret", "[hidden]")


def told_of(attributes: dict[str, object]) -> dict[str, object]:
    """What becomes of attributes, of a span and of an event in it."""
    receiver = Told()
    exporter = Exporter(receiver, clean=hide, gather_seconds=0.01)
    exporter.start()
    span = Provider(Tracing(TracingSettings(ratio=1), exporter)).get_tracer("tests").start_span("one")
    for name, value in attributes.items():
        span.set_attribute(name, value)  # type: ignore[arg-type]
    span.add_event("event", attributes)  # type: ignore[arg-type]
    span.end()
    exporter.stop()
    (ended,) = receiver.spans
    assert ended.events[0].attributes == ended.attributes
    return dict(ended.attributes)


def test_texts_are_cleaned_by_name_and_by_what_they_say_wherever_they_stand() -> None:
    assert told_of({"password": "hunter2", "note": "a secret", "list": ["secret", 1], "map": {"password": "x"}}) == {
        "password": "[hidden]",
        "note": "a [hidden]",
        "list": ["[hidden]", 1],
        "map": {"password": "[hidden]"},
    }


def test_numbers_pass_and_bytes_and_strange_things_are_told_by_their_kind() -> None:
    assert told_of({"n": 1, "f": 0.5, "b": True, "raw": b"secret", "odd": object(), "none": None}) == {
        "n": 1,
        "f": 0.5,
        "b": True,
        "raw": "6 bytes",
        "odd": "object",
    }


def test_values_that_were_written_into_a_statement_are_taken_out() -> None:
    statement = "SELECT id FROM members WHERE email = 'anna''s@example.org' AND id = $1"
    assert told_of({"db.query.text": statement}) == {
        "db.query.text": "SELECT id FROM members WHERE email = ? AND id = $1"
    }


def test_texts_are_cut() -> None:
    assert told_of({"long": "x" * 100_000}) == {"long": "x" * MOST_CHARACTERS}
