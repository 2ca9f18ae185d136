"""What can be wrong about a picture.

PictureRefused              422  this picture cannot be taken, and why is in the class
├─ PictureUnknown           422  of no kind that is read here
├─ PictureDamaged           422  of a known kind, and cannot be decoded
├─ PictureTooManyPixels     422  larger than is decoded, by its own claim
├─ PictureTooLong           422  of a shape that is not decoded, by its own claim
└─ PictureTooDemanding      422  decoding it took more time or memory than a picture may
PictureTooLarge             413  more bytes than are taken
PictureQuotaReached         429  their sender keeps as many as a member may, and which is in the class
├─ PicturesUnused           429  … that nothing shows, of a day
├─ PicturesOfDayReached     429  … within a day
├─ PictureBytesOfDayReached 429  … bytes of them within a day
├─ PicturesReached          409  … in all
└─ PictureBytesReached      409  … bytes of them in all
PictureNotFound             404  no picture has this name or id
PicturesBusy                503  too many wait for the decoder, or it cannot be started
PicturesUnstorable          503  the store does not answer, or refuses
└─ PicturesOutOfSpace       507  the store is full
"""

from threadly.core.errors import NotFound, TooLarge, TooManyRequests, Unavailable, Unprocessable


class PictureRefused(Unprocessable):
    """This picture cannot be taken. Nothing was stored."""

    code = "picture_refused"
    title = "We cannot use this picture."


class PictureUnknown(PictureRefused):
    """What its bytes are is none of the kinds that are read here, whatever it is called."""

    code = "picture_unknown"
    title = "This is not a picture that we can read. Please send a JPEG, PNG, WebP, AVIF or HEIC."


class PictureDamaged(PictureRefused):
    """It begins as a picture does, and cannot be decoded to its end."""

    code = "picture_damaged"
    title = "This picture is damaged, or only a part of it arrived."


class PictureTooManyPixels(PictureRefused):
    """It claims more pixels than are decoded."""

    code = "picture_too_many_pixels"
    title = "This picture has more than 50 megapixels. Please send a smaller one."


class PictureTooLong(PictureRefused):
    """It claims a side that is too long, or too long for the other one."""

    code = "picture_too_long"
    title = "This picture is too long for its width, or too wide for its height. Please send a part of it."


class PictureTooDemanding(PictureRefused):
    """Decoding it took more time or memory than a picture may take, or ended the decoder."""

    code = "picture_too_demanding"
    title = "We could not read this picture. Please save it anew as a JPEG, or send another one."


class PictureTooLarge(TooLarge):
    """More bytes than are taken."""

    code = "picture_too_large"
    title = "This picture is larger than 10 MB. Please send a smaller one."


class PictureQuotaReached(TooManyRequests):
    """Whoever sends it keeps as many as a member may. It was not stored; what was kept before stays."""

    code = "picture_quota_reached"
    title = "You have sent as many photos as a member may."


class PicturesOfDayReached(PictureQuotaReached):
    """As many within a day as a member may."""

    code = "pictures_of_day_reached"
    title = "You have sent as many photos as a member may in a day. Please try again tomorrow."


class PictureBytesOfDayReached(PictureQuotaReached):
    """As many bytes within a day as a member may."""

    code = "picture_bytes_of_day_reached"
    title = "Your photos of today take as much room as a member may use in a day. Please try again tomorrow."


class PicturesReached(PictureQuotaReached):
    """As many in all as a member may. Waiting does not help; showing fewer does."""

    status = 409
    code = "pictures_reached"
    title = "You keep as many photos as a member may. Please remove some that you no longer need."


class PictureBytesReached(PictureQuotaReached):
    """As many bytes in all as a member may. Waiting does not help; showing fewer does."""

    status = 409
    code = "picture_bytes_reached"
    title = "Your photos take as much room as a member may use. Please remove some that you no longer need."


class PicturesUnused(PictureQuotaReached):
    """Whoever sends it has stored as many in the last day that nothing shows as a member may. It was not stored."""

    code = "pictures_unused"
    title = "You have sent many photos today that no item shows. Please try again tomorrow."


class PictureNotFound(NotFound):
    """No picture has this name, in this width; or none that is the caller's has this id."""

    code = "picture_not_found"
    title = "There is no such picture."


class PicturesBusy(Unavailable):
    """Too many pictures wait to be read, or the decoder was ended from outside. Trying again helps."""

    code = "pictures_busy"
    title = "Many pictures are arriving right now. Please try again in a moment."

    @property
    def retry_after_seconds(self) -> int | None:
        return 5


class PicturesUnstorable(Unavailable):
    """The place where pictures are kept does not answer in time, or refuses."""

    code = "pictures_unstorable"
    title = "We cannot reach our pictures right now. Please try again in a moment."

    @property
    def retry_after_seconds(self) -> int | None:
        return 5


class PicturesOutOfSpace(PicturesUnstorable):
    """There is no room left where pictures are kept. Nothing of this one was."""

    status = 507
    code = "pictures_out_of_space"
    title = "There is no room for more pictures right now. Please try again later."
