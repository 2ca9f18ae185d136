"""What can be wrong about who is asking."""

from threadly.core.errors import Unauthenticated


class SignInNeeded(Unauthenticated):
    """Only somebody who has signed in can do this, and nobody has, or their session has ended."""

    code = "sign_in_needed"
    title = "Please sign in first."
