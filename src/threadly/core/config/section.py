"""What one package wants to be told."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A package's settings: frozen, strict about names, described by the text under each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)
