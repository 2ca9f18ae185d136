"""What everybody may rely on in a report."""

import json
from typing import Any, Final

import jsonschema

from habits.tree import ROOT
from threadly.core.observability.health import Report

SCHEMA: Final[Any] = json.loads((ROOT / "docs/reference/health.schema.json").read_text(encoding="utf-8"))


def valid(report: Report) -> Any:  # noqa: ANN401 - JSON
    """The report as JSON, if the schema takes it."""
    told = json.loads(report.json())
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(told)
    return told
