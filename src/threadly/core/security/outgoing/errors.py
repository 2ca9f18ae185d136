"""Why an address is not asked, or its answer not taken."""

from enum import StrEnum

from threadly.core.errors import Unprocessable


class Reason(StrEnum):
    """What is wrong with an address; for logs and tests, and for nobody who might look around in our network by it."""

    FORM = "form"
    """It is none, or spelled in a way that two readers read differently."""
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PORT = "port"
    NAME = "name"
    """A name that means something within a network only."""
    UNKNOWN = "unknown"
    """No server has this name."""
    PRIVATE = "private"
    """A number that is not of the public internet, or a name that leads to one."""
    REDIRECTS = "redirects"
    """It leads on and on, or from https to http."""


class AddressRefused(Unprocessable):
    """Not an address of a server of the public internet, or not spelled plainly."""

    code = "address_refused"
    title = "We do not ask this address. Please give a public one, like https://shop.example/hook."

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__()


class AnswerTooLarge(Unprocessable):
    """The server sends more than was asked for, or packs it."""

    code = "answer_too_large"
    title = "What this address sends is more than we take."


class AddressUnanswered(Unprocessable):
    """The server does not answer in time, or not as one should: no connection, a wrong certificate, no HTTP."""

    code = "address_unanswered"
    title = "Nothing answers at this address as it should. Please try again later."
