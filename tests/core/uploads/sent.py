"""Uploads as a server hands them on."""

from threadly.core.asgi import Message, Receive, Scope

BOUNDARY = "a-boundary"


def part(name: str, content: bytes, filename: str | None = None, *, head: str = "") -> bytes:
    claimed = "" if filename is None else f'; filename="{filename}"'
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{claimed}\r\n{head}\r\n'.encode()
        + content
        + b"\r\n"
    )


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def scope(content_type: str = f"multipart/form-data; boundary={BOUNDARY}", **headers: str) -> Scope:
    given = {"content-type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in given.items()]}


def in_pieces(whole: bytes, size: int = 1 << 16, *, ending: bool = True) -> Receive:
    pieces = iter([whole[at : at + size] for at in range(0, len(whole), size)])

    async def receive() -> Message:
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.request", "body": b"", "more_body": False} if ending else {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}

    return receive
