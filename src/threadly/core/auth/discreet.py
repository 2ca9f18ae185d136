"""What somebody says in confidence stays out of logs."""

import msgspec

from threadly.core.text import is_as_typed


class Discreet(msgspec.Struct, frozen=True):
    """A struct whose repr, and so every log and traceback, keeps to itself what is `AsTyped`."""

    def __repr__(self) -> str:
        """Names all fields, and shows those that are no secret."""
        shown = [
            f"{field.name}={'…' if is_as_typed(field.type) else repr(getattr(self, field.name))}"
            for field in msgspec.structs.fields(self)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"
