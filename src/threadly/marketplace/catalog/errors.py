"""What can be wrong about the catalogue."""

from threadly.core.errors import Conflict, NotFound, Unprocessable


class CategoryNotFound(NotFound):
    """No category has this path."""

    code = "category_not_found"
    title = "We do not have this category."


class ReferenceMalformed(Unprocessable):
    """The files that describe a catalogue cannot be read, or contradict themselves. Nothing was changed."""

    code = "catalog_reference_malformed"
    title = "The catalogue's files cannot be used as they are."


class ReferenceConflicts(Conflict):
    """The files name something that this catalogue already has under another identity. Nothing was changed."""

    code = "catalog_reference_conflicts"
    title = "The catalogue's files contradict what is in the catalogue already."
