"""W3C Trace Context, to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from threadly.core.observability.tracing.traceparent import Parent, parse, readable_state, written

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("case", "header", "is_sampled"),
    [
        ("sampled", f"00-{TRACE}-{SPAN}-01", True),
        ("not sampled", f"00-{TRACE}-{SPAN}-00", False),
        ("sampled, and with an id of chance", f"00-{TRACE}-{SPAN}-03", True),
        ("flags that nobody has given a meaning yet", f"00-{TRACE}-{SPAN}-fe", False),
        ("a later version", f"01-{TRACE}-{SPAN}-01", True),
        ("a later version that says more", f"cc-{TRACE}-{SPAN}-01-what-the-future-brings", True),
    ],
)
def test_a_header_of_the_form_names_a_parent(case: str, header: str, is_sampled: bool) -> None:
    assert parse(header) == Parent(TRACE, SPAN, is_sampled), case


@pytest.mark.parametrize(
    ("case", "header"),
    [
        ("empty", ""),
        ("a version that will never be", f"ff-{TRACE}-{SPAN}-01"),
        ("no trace", f"00-{'0' * 32}-{SPAN}-01"),
        ("no span", f"00-{TRACE}-{'0' * 16}-01"),
        ("capitals", f"00-{TRACE.upper()}-{SPAN}-01"),
        ("too short a trace", f"00-{TRACE[1:]}-{SPAN}-01"),
        ("too long a trace", f"00-{TRACE}a-{SPAN}-01"),
        ("no flags", f"00-{TRACE}-{SPAN}"),
        ("one digit of flags", f"00-{TRACE}-{SPAN}-1"),
        ("the first version does not say more", f"00-{TRACE}-{SPAN}-01-more"),
        ("a dash at its end", f"00-{TRACE}-{SPAN}-01-"),
        ("a line's end", f"00-{TRACE}-{SPAN}-01\n"),
        ("a later version glued together", f"01-{TRACE}-{SPAN}-01more"),
        ("a space before it", f" 00-{TRACE}-{SPAN}-01"),
        ("letters that are no digits", f"00-{TRACE[:-1]}g-{SPAN}-01"),
        ("digits of another script", f"00-{TRACE[:-1]}٣-{SPAN}-01"),
        ("two at once", f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01"),
    ],
)
def test_what_is_not_exactly_of_the_form_names_nobody(case: str, header: str) -> None:
    assert parse(header) is None, case


@given(some.binary(max_size=80))
def test_no_bytes_at_all_do_harm(header: bytes) -> None:
    parent = parse(header)
    assert parent is None or len(parent.trace_id) == 32


@given(some.text(max_size=80))
def test_no_state_at_all_does_harm(state: str) -> None:
    assert len(readable_state(state)) <= len(state)


@pytest.mark.parametrize(
    ("case", "state", "kept"),
    [
        ("one", "rojo=00f067aa0ba902b7", "rojo=00f067aa0ba902b7"),
        ("several, spaces around", "rojo=1 ,\tcongo=t61rcWkgMzE", "rojo=1,congo=t61rcWkgMzE"),
        ("empty members", "rojo=1,,congo=2,", "rojo=1,congo=2"),
        ("a tenant's", "fw529a3039@dt=FfAw", "fw529a3039@dt=FfAw"),
        ("one malformed loses all", "rojo=1,CONGO=2", ""),
        ("the same key twice", "rojo=1,rojo=2", ""),
        ("no value", "rojo", ""),
        ("an equals sign in the value", "rojo=a=b", ""),
        ("a line's end", "rojo=1\n", ""),
        ("33 members", ",".join(f"k{number}=1" for number in range(33)), ""),
        ("32 members", ",".join(f"k{number}=1" for number in range(32)), ",".join(f"k{n}=1" for n in range(32))),
        ("too long", f"rojo={'x' * 250},congo={'x' * 255}", ""),
    ],
)
def test_a_state_is_kept_if_all_of_it_is_of_the_form(case: str, state: str, kept: str) -> None:
    parent = parse(f"00-{TRACE}-{SPAN}-01", state)
    assert parent is not None
    assert parent.state == kept, case


def test_what_we_write_is_what_we_read() -> None:
    assert parse(written(TRACE, SPAN, is_sampled=True)) == Parent(TRACE, SPAN, is_sampled=True)
    assert parse(written(TRACE, SPAN, is_sampled=False)) == Parent(TRACE, SPAN, is_sampled=False)
