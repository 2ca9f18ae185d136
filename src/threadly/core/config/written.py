"""Settings that stand in a file, and not in the environment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from threadly.core.config.section import Section


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says of one section."""

    file: str
    """Its name, for whoever has to mend it."""
    prefix: str
    """What the variables of this section begin with."""
    values: Mapping[str, Any]
    """By the variable that would say the same."""
    unknown: tuple[str, ...]
    """What it says that is no setting, in a sentence each."""

    @classmethod
    def of(
        cls, kind: type[Section], content: Mapping[str, Any], *, file: str, prefix: str, but: Collection[str] = ()
    ) -> "Written":
        """What the keys of a file mean for a section.

        Args:
            but: Fields that only the environment may say.
        """
        fields = [name for name in kind.model_fields if name not in but]
        unknown = []
        for key in content:
            if key not in fields:
                nearest = get_close_matches(key, fields, n=1)
                unknown.append(f"{key} is no setting{f'; did you mean {nearest[0]}?' if nearest else '.'}")
        values = {f"{prefix}{key.upper()}": value for key, value in content.items() if key in fields}
        return cls(file, prefix, values, tuple(unknown))

    def place(self, name: str, environment: Mapping[str, str]) -> str | None:
        """Where the value that this variable (or a part of it) has stands in the file; None if it does not."""
        for variable in self.values:
            if (name == variable or name.startswith(f"{variable}__")) and variable not in environment:
                return f"{self.file}: {name.removeprefix(self.prefix).lower().replace('__', '.')}"
        return None
