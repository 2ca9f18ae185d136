"""Settings that stand in a file of a section's own, and not in the environment."""

from collections.abc import Collection, Mapping
from typing import Any

from threadly.core.config.mistakes import Mistake
from threadly.core.config.nearest import nearest
from threadly.core.config.section import Section
from threadly.core.config.sources import Given, Source


def written(
    kind: type[Section], content: Mapping[str, Any], *, file: str, prefix: str, but: Collection[str] = ()
) -> Source:
    """What the keys of a file mean for a section; told by the file and the key, since whoever mends it has that open.

    Args:
        file: Its name.
        prefix: What the variables of this section begin with.
        but: Fields that only the environment may say.
    """
    fields = [name for name in kind.model_fields if name not in but]
    source = Source()
    for key, value in content.items():
        variable = f"{prefix}{key.upper()}"
        if key in fields:
            source.given[variable] = Given(f"{file}: {key}", value, "")
        else:
            close = nearest(key, fields)
            hint = f"; did you mean {close}?" if close else "."
            source.mistakes.append(Mistake(f"{file}: {key} is no setting{hint}", variable, file))
    return source
