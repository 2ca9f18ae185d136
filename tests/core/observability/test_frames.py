"""What travels between workers and who collects."""

import msgspec
import pytest

from threadly.core.observability.frames import HEAD, LONGEST_FRAME, Frame, FrameTooLong, packed, unpacked

WORKER = "0123456789abcdef" * 2


def test_a_frame_arrives_as_it_was_sent() -> None:
    frame = Frame(WORKER, 7, "metrics", b"anything")
    sent = packed(frame)
    assert unpacked(sent[HEAD:]) == frame
    assert int.from_bytes(sent[:HEAD]) == len(sent) - HEAD


def test_a_frame_that_nobody_would_take_is_not_packed() -> None:
    overhead = len(packed(Frame(WORKER, 0, "metrics", b"x" * 70_000))) - HEAD - 70_000
    packed(Frame(WORKER, 0, "metrics", b"x" * (LONGEST_FRAME - overhead)))
    with pytest.raises(FrameTooLong):
        packed(Frame(WORKER, 0, "metrics", b"x" * (LONGEST_FRAME - overhead + 1)))


@pytest.mark.parametrize(
    ("case", "content"),
    [
        ("no MessagePack", b"\xc1"),
        ("nothing", b""),
        ("another form", msgspec.msgpack.encode({"worker": WORKER})),
        ("a worker without a proper identity", msgspec.msgpack.encode(["../etc", 0, "metrics", b""])),
        ("a negative number", msgspec.msgpack.encode([WORKER, -1, "metrics", b""])),
        ("a topic that is too long", msgspec.msgpack.encode([WORKER, 0, "x" * 41, b""])),
        ("something after it", packed(Frame(WORKER, 0, "metrics", b""))[HEAD:] + b"\x00"),
    ],
)
def test_what_is_no_frame_is_refused(case: str, content: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        unpacked(content)
