"""What can be wrong about who is asking."""

from threadly.core.errors import Unauthenticated, Unavailable


class SignInNeeded(Unauthenticated):
    """Only somebody who has signed in can do this, and nobody has, or their session has ended."""

    code = "sign_in_needed"
    title = "Please sign in first."


class PasswordsBusy(Unavailable):
    """More people sign in or up at this moment than we can look after. Nothing was done."""

    code = "passwords_busy"
    title = "Many people are signing in right now. Please try again in a moment."
