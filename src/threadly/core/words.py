"""Marks sentences that people read, so that they are found for translation where they stand."""


def words(text: str) -> str:
    """The text itself. Which language it is read in is the face's business."""
    return text
