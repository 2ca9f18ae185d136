"""Pictures: from an upload to files by names that follow from their bytes, and who may use them."""

from threadly.marketplace.media.decoding import Decoder, Processed
from threadly.marketplace.media.errors import (
    PictureBytesOfDayReached,
    PictureBytesReached,
    PictureDamaged,
    PictureNotFound,
    PictureQuotaReached,
    PictureRefused,
    PicturesBusy,
    PicturesOfDayReached,
    PicturesOutOfSpace,
    PicturesReached,
    PicturesUnstorable,
    PicturesUnused,
    PictureTooDemanding,
    PictureTooLarge,
    PictureTooLong,
    PictureTooManyPixels,
    PictureUnknown,
)
from threadly.marketplace.media.intake import Pictures
from threadly.marketplace.media.limits import Limits, Quotas
from threadly.marketplace.media.models import Picture, PictureFiles, PictureUpload
from threadly.marketplace.media.policy import MOST_BYTES, MOST_PIXELS, WIDTHS, file_of, name_of
from threadly.marketplace.media.queries import owned
from threadly.marketplace.media.service import Kept, add, add_avatar, note, remove_avatar
from threadly.marketplace.media.store import Store, Stored
from threadly.marketplace.media.sweep import SweepPictures, sweeper

__all__ = [
    "MOST_BYTES",
    "MOST_PIXELS",
    "WIDTHS",
    "Decoder",
    "Kept",
    "Limits",
    "Picture",
    "PictureBytesOfDayReached",
    "PictureBytesReached",
    "PictureDamaged",
    "PictureFiles",
    "PictureNotFound",
    "PictureQuotaReached",
    "PictureRefused",
    "PictureTooDemanding",
    "PictureTooLarge",
    "PictureTooLong",
    "PictureTooManyPixels",
    "PictureUnknown",
    "PictureUpload",
    "Pictures",
    "PicturesBusy",
    "PicturesOfDayReached",
    "PicturesOutOfSpace",
    "PicturesReached",
    "PicturesUnstorable",
    "PicturesUnused",
    "Processed",
    "Quotas",
    "Store",
    "Stored",
    "SweepPictures",
    "add",
    "add_avatar",
    "file_of",
    "name_of",
    "note",
    "owned",
    "remove_avatar",
    "sweeper",
]
