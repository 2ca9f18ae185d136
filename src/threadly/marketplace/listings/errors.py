"""What can be wrong about a listing."""

from threadly.core.errors import Conflict, Forbidden, NotFound


class ListingNotFound(NotFound):
    """No such listing, or one that the public does not see: a draft, or a removed one."""

    code = "listing_not_found"
    title = "This item is not here, or no longer."


class ListingOfAnother(Forbidden):
    """Somebody else sells this. Only its seller may change it."""

    code = "listing_of_another"
    title = "This item is somebody else’s."


class ListingSettled(Conflict):
    """It is reserved or sold: others rely on it being as it was."""

    code = "listing_settled"
    title = "It is reserved or sold, so it can no longer be changed."


class ListingRemoved(Conflict):
    """It was removed. It can be changed again once it is restored."""

    code = "listing_removed"
    title = "This item was removed. Restore it first."


class ListingOnSaleAlready(Conflict):
    """The same piece is on sale in another listing of the seller's: one of them was listed anew from the other."""

    code = "listing_on_sale_already"
    title = "You have the same item on sale in another listing. Remove that one first."


class ListingNotOver(Conflict):
    """Only what was sold or removed can be listed anew."""

    code = "listing_not_over"
    title = "Only what was sold or removed can be listed again."


class ListingChanged(Conflict):
    """It was edited since the caller looked: what they send would undo that unseen."""

    code = "listing_changed"
    title = "This item was changed elsewhere in the meantime."


class ListingPictureNotFound(NotFound):
    """The listing does not show such a picture."""

    code = "listing_picture_not_found"
    title = "This item has no such photo."
