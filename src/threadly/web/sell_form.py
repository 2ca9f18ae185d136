"""The form by which a listing is written: what it sends, and what that means to the slice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from threadly.core.errors import FieldsRefused, Problem, Refusal
from threadly.core.words import words
from threadly.languages import Language
from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import Changes, ListingChanged
from threadly.marketplace.storefront import Own
from threadly.web.forms import FormMalformed, filled
from threadly.web.money import minor_units, plain

ALT: Final = "alt-"
"""What the names of fields that describe a photo begin with; its id follows."""

FIELDS: Final = (
    "pictures", "title", "description", "category", "brand", "size_id", "condition", "colour", "material", "price",
)  # fmt: skip
"""In the order in which they stand, so that the first mistake on the page is the first that is told."""

_UNREADABLE: Final = Refusal("price_malformed", words("Please write the price in figures, like 25 or 25.50."))
_NO_PRICE: Final = 0  # refused by the slice, whatever else is
_ACT: Final = re.compile(r"(save|keep|publish|preview|photos)|(earlier|later|remove):([0-9a-f-]{36})")


class Act(msgspec.Struct, frozen=True):
    """Which button was pressed."""

    name: str
    picture_id: UUID | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the form sent, as it was written."""

    do: str = "save"
    version: int | None = None
    title: str = ""
    description: str = ""
    category: str | None = None
    brand: str | None = None
    size_id: UUID | None = None
    condition: Condition | None = None
    colour: str | None = None
    material: str | None = None
    price: str = ""

    @property
    def act(self) -> Act:
        """The button.

        Raises:
            FormMalformed: There is no such button.
        """
        pressed = _ACT.fullmatch(self.do)
        if pressed is None:
            raise FormMalformed(field="do")
        return Act(pressed[1]) if pressed[1] else Act(pressed[2], _id(pressed[3]))

    def changes(self, language: Language, currency: str) -> Changes:
        """What is to change. A price that cannot be read is one that is refused."""
        return Changes(
            title=self.title,
            description=self.description,
            price_minor=self._price(language, currency),
            category=self.category,
            condition=self.condition,
            brand=self.brand,
            size_id=self.size_id,
            colour=self.colour,
            material=self.material,
        )

    def told(self, refusals: Mapping[str, Refusal], language: Language, currency: str) -> dict[str, Refusal]:
        """The slice's refusals by the form's fields, in their order on the page."""
        told = {("price" if name == "price_minor" else name): refusal for name, refusal in refusals.items()}
        if "price" in told and self.price and self._minor(language, currency) is None:
            told["price"] = _UNREADABLE
        return dict(sorted(told.items(), key=lambda item: FIELDS.index(item[0]) if item[0] in FIELDS else 0))

    def _price(self, language: Language, currency: str) -> int | None:
        if not self.price:
            return None
        minor = self._minor(language, currency)
        return _NO_PRICE if minor is None else minor

    def _minor(self, language: Language, currency: str) -> int | None:
        amount = self.price.replace(language.symbol(currency), "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        return minor_units(amount, currency)


@dataclass(slots=True)
class Sent:
    """What arrived, and what came of it so far."""

    written: Written
    alts: Mapping[UUID, str]
    refusals: dict[str, Refusal] = field(default_factory=dict)
    outage: Problem | None = None
    """Why photos could not be kept, though nothing was wrong with them."""
    is_stale: bool = False

    @property
    def status(self) -> int:
        """How the answer is called: 200 while all is well."""
        if self.is_stale:
            return ListingChanged.status
        if self.outage is not None:
            return self.outage.status
        return FieldsRefused.status if self.refusals else 200

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says besides: when photos may be sent again."""
        wait = None if self.outage is None else self.outage.retry_after_seconds
        return {} if wait is None else {"retry-after": str(wait)}


def read(fields: Iterable[tuple[str, str]]) -> tuple[Written, dict[UUID, str]]:
    """What was written, and what is to be seen on which photo.

    Raises:
        FormMalformed: It is not what the page sends.
    """
    plain_fields: list[tuple[str, str]] = []
    alts: dict[UUID, str] = {}
    for name, text in fields:
        if not name.startswith(ALT):
            plain_fields.append((name, text))
            continue
        id = _id(name.removeprefix(ALT))
        if id in alts:
            raise FormMalformed(field=name)
        alts[id] = " ".join(text.split())
    return filled(plain_fields, Written), alts


def of(own: Own, language: Language) -> Written:
    """The form as a listing fills it."""
    return Written(
        version=own.version,
        title=own.title,
        description=own.description,
        category=own.category,
        brand=own.brand,
        size_id=own.size_id,
        condition=own.condition,
        colour=own.colour,
        material=own.material,
        price="" if own.price_minor is None else plain(own.price_minor, own.currency, language.decimal),
    )


def refusal_of(problem: Problem) -> Refusal:
    """Why a photo was not taken, as a field is told."""
    return Refusal(problem.code, problem.title)


def order_of(fields: Iterable[tuple[str, str]]) -> list[UUID]:
    """The order of photos that was sent.

    Raises:
        FormMalformed: It holds what is no id.
    """
    return [_id(text) for name, text in fields if name == "order"]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FormMalformed(field=text[:60]) from None
