"""Rules that several settings keep together, as data: each has a code, says what should hold, and is checked alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from threadly.core.config.mistakes import Mistake, place_of
from threadly.core.config.profile import Profile
from threadly.core.config.section import Section

SettingsT = TypeVar("SettingsT", bound=Section)
ReadT_contra = TypeVar("ReadT_contra", bound=Section, contravariant=True)


class Weight(StrEnum):
    """What follows where a rule is broken."""

    BROKEN = "broken"
    """It cannot work: refused in every profile."""
    UNSAFE = "unsafe"
    """A protection is missing: production refuses to start, the others warn."""
    UNWISE = "unwise"
    """It works, and will be regretted: a warning in every profile."""

    def refuses(self, profile: Profile) -> bool:
        """Whether an installation of this profile may not start."""
        return self is Weight.BROKEN or (self is Weight.UNSAFE and profile is Profile.PRODUCTION)


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong, where a rule that looks at many variables is broken by some."""

    says: str
    variables: tuple[str, ...]
    mends: str = ""
    """As of the rule, where that depends on what is wrong."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[ReadT_contra]):
    """One rule."""

    code: str
    """By which programs, tests and pages know it; it never changes its meaning."""
    weight: Weight
    reads: tuple[str, ...]
    """The variables that it looks at, and no others."""
    says: str
    """What should hold, in a sentence."""
    check: Callable[[ReadT_contra], Broken | str | None]
    """What is wrong, without a value that could be secret; None if nothing is."""
    mends: str = ""
    """What to do about it: `NAME=value`, perhaps with when; or a sentence."""
    each: bool = False
    """Whether it judges each of these by itself, so that one which cannot be read keeps it from no other."""


def judged(
    rules: Iterable[Rule[SettingsT]], settings: SettingsT, profile: Profile, places: Mapping[str, str]
) -> tuple[list[Mistake], list[Mistake]]:
    """What refuses these settings, and what is to be warned of."""
    refused: list[Mistake] = []
    warned: list[Mistake] = []
    for rule in rules:
        try:
            wrong = rule.check(settings)
        except Exception as fault:  # noqa: BLE001  its traceback would hold what it looked at
            wrong = f"cannot be checked: {place_of(fault)}"
        if wrong is not None:
            (refused if rule.weight.refuses(profile) else warned).append(_told(rule, wrong, places))
    return refused, warned


def _told(rule: Rule[SettingsT], wrong: Broken | str, places: Mapping[str, str]) -> Mistake:
    broken = wrong if isinstance(wrong, Broken) else Broken(wrong, rule.reads)
    named = ", ".join(f"{name} ({places.get(name, 'default')})" for name in broken.variables)
    first = broken.variables[0]
    says = f"{named}: {broken.says}. {rule.says} [{rule.code}]"
    return Mistake(says, first, places.get(first, ""), rule=rule.code, mends=broken.mends or rule.mends)
