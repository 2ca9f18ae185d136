"""Names that follow from bytes."""

from threadly.marketplace.media import file_of, name_of
from threadly.marketplace.media.policy import files_of


def test_names_follow_from_the_largest_file() -> None:
    assert name_of(b"picture") == name_of(b"picture") != name_of(b"another")
    assert files_of([name_of(b"picture")])[-1] == file_of(name_of(b"picture"), 1280)
