"""What can be wrong about a member."""

from threadly.core.errors import Conflict, FieldsRefused, NotFound, Unauthenticated


class MemberNotFound(NotFound):
    """No member has this name or id."""

    code = "member_not_found"
    title = "There is no such member."


class SignInRefused(Unauthenticated):
    """The name and the password do not belong together. Which of the two is wrong, nobody is told."""

    code = "sign_in_refused"
    title = "This name and this password do not belong together."

    def __init__(self, account: str = "") -> None:
        self.account = account
        """What stands for the name where that may not be told; no fact, so nobody who asks is shown it."""
        super().__init__()


class CurrentPasswordWrong(FieldsRefused):
    """Whoever wants to change a password does not know the one that there is: it may be a stolen session."""

    code = "current_password_wrong"
    title = "This is not your current password."


class PasswordChangedMeanwhile(Conflict):
    """The password was changed elsewhere after this change of it had begun. Nothing was changed."""

    code = "password_changed_meanwhile"
    title = "Your password was changed elsewhere in the meantime."
