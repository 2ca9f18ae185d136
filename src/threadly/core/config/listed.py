"""Lists, as one writes them in a variable: separated by commas."""


def listed(given: object) -> object:
    """The parts of a text, for a `BeforeValidator`; what is a list already stays."""
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given
