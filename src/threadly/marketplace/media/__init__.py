"""Pictures, by names that follow from their bytes."""

from threadly.marketplace.media.models import WIDTHS, Picture

__all__ = ["WIDTHS", "Picture"]
