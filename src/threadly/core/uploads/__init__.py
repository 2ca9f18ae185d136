"""Uploads: multipart/form-data, read as it arrives, strictly and within bounds, for any ASGI application."""

from threadly.core.uploads.receiving import (
    FileTooLarge,
    Upload,
    UploadedFile,
    UploadLimits,
    UploadMalformed,
    UploadTooLarge,
    UploadTooSlow,
    UploadUnkept,
    received,
)

__all__ = [
    "FileTooLarge",
    "Upload",
    "UploadLimits",
    "UploadMalformed",
    "UploadTooLarge",
    "UploadTooSlow",
    "UploadUnkept",
    "UploadedFile",
    "received",
]
