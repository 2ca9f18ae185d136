"""What travels between a worker and the process that collects: one frame is four bytes of length, and MessagePack."""

from typing import Annotated, Final

import msgspec

LONGEST_FRAME: Final = 1 << 20
"""In bytes, its length not counted."""
LONGEST_TOPIC: Final = 40
HEAD: Final = 4
"""Bytes that tell the length of what follows, the highest first."""


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """The latest that a worker has to say on a topic; it replaces what it said before."""

    worker: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    """Drawn by lot when a worker starts: a process number would be used again."""
    number: Annotated[int, msgspec.Meta(ge=0)]
    """Grows with each frame of a worker: what was under way for longer than a later one is of no interest."""
    topic: Annotated[str, msgspec.Meta(pattern=f"^[a-z_]{{1,{LONGEST_TOPIC}}}$")]
    body: bytes


class FrameTooLong(ValueError):
    """A frame is longer than whoever collects would take."""


def packed(frame: Frame) -> bytes:
    """As it is sent.

    Raises:
        FrameTooLong: Nobody would take it.
    """
    content = _ENCODER.encode(frame)
    if len(content) > LONGEST_FRAME:
        raise FrameTooLong(f"{frame.topic}: {len(content):,} bytes to report, and {LONGEST_FRAME:,} are heard at most")
    return len(content).to_bytes(HEAD) + content


def unpacked(content: bytes) -> Frame:
    """What was sent, without its length.

    Raises:
        msgspec.DecodeError: It is none (or, as its kind `ValidationError`: not of this form).
    """
    return _DECODER.decode(content)


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Frame)
