"""Reads a multipart/form-data body (RFC 7578) from ASGI's own messages, as it arrives.

    async with received(scope, receive, UploadLimits(files=10), files={"photos"}) as upload:
        upload.fields                          # [("title", "Jacket"), …] in their order
        for file in upload.files:
            content = await file.read()        # FileTooLarge if it was; its neighbours are fine

Guaranteed: no more is kept than the limits allow, of each file at most a quarter megabyte in memory until it is read;
a body that arrives too slowly, or not at all, ends in time; a crash leaves no file. Names, types and file names that
the sender claims are claims, and nothing is done by them.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from threadly.core.asgi import BodyLimit, Receive, Scope, headers_by_name, length_of, metered
from threadly.core.errors import Invalid, TooLarge, TooSlow, Unavailable, UnsupportedMediaType
from threadly.core.uploads.spool import Spool

_KIND: Final = "multipart/form-data"
_LONGEST_BOUNDARY: Final = 70  # RFC 2046
_LONGEST_HEADER: Final = 1024
_MOST_HEADERS: Final = 4
_LONGEST_NAME: Final = 60
_LINE_END: Final = b"\r\n"
_NUL: Final = "\0"


class UploadMalformed(Invalid):
    """The body is no readable multipart/form-data, or holds what is not expected here."""

    code = "upload_malformed"
    title = "We could not read this upload. Please load the page again."


class UploadTooLarge(TooLarge):
    """The whole body is longer, or of more parts, than is taken here."""

    code = "upload_too_large"
    title = "This is more than we take at once."


class FileTooLarge(TooLarge):
    """One file is larger than is taken here."""

    code = "file_too_large"
    title = "This file is too large."


class UploadTooSlow(TooSlow):
    """The body did not arrive in time."""

    code = "upload_too_slow"
    title = "The upload took too long. Please try again."


class UploadUnkept(Unavailable):
    """There is no room for what is arriving."""

    status = 507
    code = "upload_unkept"
    title = "There is no room for uploads right now. Please try again later."


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What is taken at once."""

    files: int = 10
    file_bytes: int = 10 * 1024 * 1024
    """Of each file."""
    fields: int = 100
    field_bytes: int = 64 * 1024
    """Of all fields together."""
    seconds: float = 300.0
    """For the whole body; it has to come faster than a trickle (`BodyLimit`)."""
    idle_seconds: float = 20.0
    """Between two pieces of it."""

    @property
    def most_bytes(self) -> int:
        """Of the whole body, with room for one file that is too large and the heads of all parts."""
        heads = (self.files + self.fields) * _MOST_HEADERS * _LONGEST_HEADER
        return (self.files + 1) * self.file_bytes + self.field_bytes + heads

    @property
    def body(self) -> BodyLimit:
        """The same of the body as such: for whoever looks at it before it is read."""
        return BodyLimit(
            self.most_bytes,
            seconds=min(self.idle_seconds, self.seconds),
            most_seconds=self.seconds,
            idle_seconds=self.idle_seconds,
            too_large=UploadTooLarge,
            too_slow=UploadTooSlow,
        )


@dataclass(slots=True)
class UploadedFile:
    """A file that has arrived."""

    name: str
    """Of the form's field."""
    claimed_name: str
    """What the sender calls it: for showing it to the sender, and for nothing else."""
    size: int = 0
    """In bytes, also of one that was too large and not kept."""
    _most_bytes: int = 0
    _spool: Spool = field(default_factory=Spool)

    async def keep(self, piece: bytes) -> None:
        """Takes more of it. What grows too large is not kept, but its size is.

        Raises:
            OSError: The disk is full.
        """
        self.size += len(piece)
        if self.size > self._most_bytes:
            await self._spool.drop()
        else:
            await self._spool.write(piece)

    async def drop(self) -> None:
        """Forgets its content."""
        await self._spool.drop()

    async def read(self) -> bytes:
        """Its content.

        Raises:
            FileTooLarge: It was not kept.
        """
        if self.size > self._most_bytes:
            raise FileTooLarge(most_bytes=self._most_bytes)
        return await self._spool.read()


@dataclass(slots=True)
class Upload:
    """What a form sent, its files apart."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[UploadedFile] = field(default_factory=list)


@asynccontextmanager
async def received(
    scope: Scope, receive: Receive, limits: UploadLimits | None = None, *, files: Collection[str]
) -> AsyncIterator[Upload]:
    """What a form sends; forgotten when the block ends.

    Args:
        files: The names of the fields that may be files; they may not be text, and no other may be a file.

    Raises:
        UnsupportedMediaType: The body is no multipart/form-data.
        UploadMalformed: It is, and not of the form that is expected.
        UploadTooLarge: It is longer, or of more parts, than the limits allow.
        UploadTooSlow: It did not arrive in time.
        UploadUnkept: The disk is full.
    """
    reading = _Reading(limits or UploadLimits(), frozenset(files))
    parser = reading.parser(headers_by_name(scope).text(b"content-type"), length_of(scope))
    try:
        try:
            async with asyncio.timeout(reading.limits.seconds):  # the disk's time too; the body's limit sees none of it
                await reading.read(receive, parser)
        except TimeoutError:
            raise UploadTooSlow from None
        except ParserLimitReached:
            raise UploadTooLarge from None
        except (MultipartError, UnicodeDecodeError):
            raise UploadMalformed from None
        except OSError as refusal:
            raise UploadUnkept from refusal
        yield reading.upload
    finally:
        await reading.drop()


class _Reading:
    """One body, as it is read."""

    def __init__(self, limits: UploadLimits, file_fields: frozenset[str]) -> None:
        self.limits = limits
        self.upload = Upload()
        self._file_fields = file_fields
        self._file: UploadedFile | None = None
        self._field: str | None = None
        self._text = bytearray()
        self._text_bytes = 0

    def parser(self, content_type: str, length: int | None) -> PushMultipartParser:
        """For a body of this kind and length."""
        kind, options = parse_options_header(content_type)
        boundary = options.get("boundary", "")
        if kind != _KIND:
            raise UnsupportedMediaType(f"Send it as {_KIND}.")
        if not 1 <= len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
            raise UploadMalformed
        if length is not None and length > self.limits.most_bytes:
            raise UploadTooLarge(most_bytes=self.limits.most_bytes)
        return PushMultipartParser(
            boundary,
            max_header_size=_LONGEST_HEADER,
            max_header_count=_MOST_HEADERS,
            max_segment_count=self.limits.files + self.limits.fields,
            strict=True,
        )

    async def read(self, receive: Receive, parser: PushMultipartParser) -> None:
        """Reads the body to its end."""
        receive = metered(receive, self.limits.body)
        more, held = True, b""
        with parser:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise UploadMalformed("The connection ended before the upload did.")
                chunk, more = message.get("body", b""), message.get("more_body", False)
                # The parser (2.0) takes a last line end that comes by itself for something after the end.
                held += chunk
                ready = len(held) - len(_LINE_END) if more or held.endswith(_LINE_END) else len(held)
                if ready > 0:
                    for event in parser.parse(held[:ready]):
                        await self._take(event)
                    held = held[ready:]

    async def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._file is None:
            self._text_bytes += len(event)
            if self._text_bytes > self.limits.field_bytes:
                raise UploadTooLarge(most_bytes=self.limits.field_bytes)
            self._text += event
        else:
            await self._keep(self._file, bytes(event))

    def _begin(self, part: MultipartSegment) -> None:
        name = part.name or ""
        if part.disposition != "form-data" or not 1 <= len(name) <= _LONGEST_NAME or _NUL in name:
            raise UploadMalformed
        if _NUL in (part.filename or ""):
            raise UploadMalformed(field=name)
        if (part.filename is not None) != (name in self._file_fields):
            raise UploadMalformed(field=name)
        if part.filename is None:
            self._field = name
            if len(self.upload.fields) >= self.limits.fields:
                raise UploadTooLarge(most_fields=self.limits.fields)
            return
        self._file = UploadedFile(name, part.filename, _most_bytes=self.limits.file_bytes)

    def _end(self) -> None:
        if self._file is not None:
            if self._file.size or self._file.claimed_name:  # a browser sends an empty part where no file was chosen
                if len(self.upload.files) >= self.limits.files:
                    raise UploadTooLarge(most_files=self.limits.files)
                self.upload.files.append(self._file)
            self._file = None
        elif self._field is not None:
            text = self._text.decode()
            if _NUL in text:
                raise UploadMalformed("Text cannot hold the character NUL.", field=self._field)
            self.upload.fields.append((self._field, text))
            self._field = None
            self._text.clear()

    async def _keep(self, file: UploadedFile, piece: bytes) -> None:
        if file.size == 0 and len(self.upload.files) >= self.limits.files:
            raise UploadTooLarge(most_files=self.limits.files)
        await file.keep(piece)  # also of one that is too large: so the sender hears of the others

    async def drop(self) -> None:
        """Forgets what has arrived."""
        for file in (*self.upload.files, *filter(None, [self._file])):
            await file.drop()
