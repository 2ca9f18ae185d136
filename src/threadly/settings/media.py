"""Where pictures are kept."""

import math
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from threadly.core.config import Secret, Section, expect_one_line, expect_port, spelled
from threadly.marketplace.media import Limits, Quotas


def _is_private(endpoint: str) -> str:
    parts = urlsplit(expect_one_line(endpoint))
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ValueError("should begin with https://, or with http:// on this machine")
    if "@" in endpoint:
        raise ValueError("is no place for a key: THREADLY_MEDIA__ACCESS_KEY and THREADLY_MEDIA__SECRET_KEY are")
    return endpoint


_BUCKET: Final = spelled(
    r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?",
    form="s3:// and a bucket, perhaps with a prefix",
    example="s3://bucket/prefix",
)
_ORIGIN: Final = spelled(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?",
    form="https:// and a name in small letters, without a path",
    example="https://pictures.shop.example",
)
_REGION: Final = spelled(r"[a-z0-9-]{1,40}", form="small letters, digits and hyphens", example="eu-central-1")


class MediaSettings(Section):
    """Where pictures are kept, and what reading those that members send may take."""

    folder: Path | None = Field(default=None, examples=["/var/lib/threadly/media"])
    """The folder of the pictures' files; or else a bucket, by THREADLY_MEDIA__URL."""

    url: Annotated[str, _BUCKET] | None = None
    """A bucket of S3, or of anything that speaks like it, instead of a folder: s3://bucket/prefix."""

    origin: Annotated[str, _ORIGIN, AfterValidator(expect_port)] | None = Field(
        default=None, examples=["https://pictures.shop.example"]
    )
    """Where browsers find pictures, without a path: a name of their own, which leads here as the shop's does. Nothing
    else is answered there, and no picture at the shop's. If not said, the shop's own, which production refuses."""

    endpoint: Annotated[str, AfterValidator(_is_private)] | None = Field(
        default=None, examples=["https://objects.example"]
    )
    """Where that bucket is, unless Amazon has it: https://objects.example, without the bucket's name. Plain http only
    on this machine."""

    region: Annotated[str, _REGION] = "us-east-1"
    """The bucket's region: eu-central-1. Another endpoint may not care which."""

    access_key: Secret | None = Field(default=None, examples=["AKIA…"])
    """The name of the key to the bucket (AWS_ACCESS_KEY_ID elsewhere), which must let us put, get, list and delete
    there; without one, what the machine it runs on is given counts."""

    secret_key: Secret | None = Field(default=None, examples=["the key that belongs to it"])
    """The key itself (AWS_SECRET_ACCESS_KEY elsewhere); the two go together."""

    decoders: int = Field(default=1, ge=1, le=32)
    """Processes that decode uploaded pictures at the same time, for each web worker; started when first needed."""

    decode_seconds: float = Field(default=15.0, ge=1, le=300)
    """How long decoding one picture may take, in seconds; half of it, rounded up, of a processor's time."""

    decode_memory_mib: int = Field(default=1024, ge=128, le=65536)
    """By how much a process may grow while it decodes, in MiB."""

    pictures_a_day: int = Field(default=500, ge=1)
    """Pictures that one member may send within a day, refused ones not counted."""

    mib_a_day: int = Field(default=250, ge=1)
    """How much room they may take as kept, in MiB: a photo of a phone takes a fifth to a half of one."""

    pictures_each: int = Field(default=50_000, ge=1)
    """Pictures that one member may keep in all; those that nothing shows any more go within two days."""

    mib_each: int = Field(default=10_240, ge=1)
    """How much room they may take in all, in MiB."""

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if self.folder is None and self.url is None:
            raise PydanticCustomError("one_is_missing", "needs a folder or a bucket", {"field": "folder"})
        if self.folder is not None and self.url is not None:
            raise ValueError("THREADLY_MEDIA__FOLDER and THREADLY_MEDIA__URL name two places; set one of them")
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("THREADLY_MEDIA__ACCESS_KEY and THREADLY_MEDIA__SECRET_KEY go together")
        return self

    @property
    def limits(self) -> Limits:
        """What decoding may take."""
        return Limits(
            processes=self.decoders,
            seconds=self.decode_seconds,
            cpu_seconds=math.ceil(self.decode_seconds / 2),
            memory_bytes=self.decode_memory_mib << 20,
        )

    @property
    def quotas(self) -> Quotas:
        """What one member may keep."""
        return Quotas(
            pictures_a_day=self.pictures_a_day,
            bytes_a_day=self.mib_a_day << 20,
            pictures=self.pictures_each,
            bytes=self.mib_each << 20,
        )
