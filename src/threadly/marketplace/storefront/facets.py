"""What a list can be narrowed by, and how many listings each choice would leave.

Of every 64 listings one is in the sample: those whose id ends in one of four bytes of 256, which is at random. The
sample has indexes of its own, so it is small to read and never out of date. Where it promises no more than some 10,000
listings, all of them are counted; where it promises more, each in it stands for 64, and the answer says so.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SQLColumnExpression,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from threadly.core.database import Prepared, ReadSession
from threadly.marketplace.catalog import Brand, Category, Colour, Condition, Size, SizeSystem
from threadly.marketplace.listings import SAMPLED
from threadly.marketplace.storefront.narrowing import (
    LEVELS,
    LISTINGS,
    SIZE,
    TEXTS,
    in_order,
    narrowing,
    shape_of,
)
from threadly.marketplace.storefront.views import Facets, FacetValue, PriceBand, Total
from threadly.marketplace.storefront.wanted import Wanted

MOST_COUNTED: Final = 10_000
BANDS: Final = (0, 10_00, 25_00, 50_00, 100_00, 200_00)
"""Where bands of prices begin, in minor units."""

_STANDS_FOR: Final = 64
_SURELY_MORE: Final = MOST_COUNTED // _STANDS_FOR * 3 // 2
"""So large a sample comes from more than 10,000: from fewer, not once in a billion times."""
_MOST_BRANDS: Final = 30
_MOST_KINDS: Final = 256
_TOTAL: Final = "total"

_PARAMETERS: Final = {
    "categories": frozenset[str](),
    "brands": frozenset({"brands"}),
    "sizes": frozenset({"sizes"}),
    "colours": frozenset({"colours"}),
    "conditions": frozenset({"conditions"}),
    "prices": frozenset({"lowest", "highest"}),
}
"""What is chosen in each facet, which its own counts do not heed. A category is gone into, not chosen among others."""

_COUNTED: Final = (
    "department_id", "group_id", "category_id", "brand_id", "size_id", "colour", "condition", "price_minor",
)  # fmt: skip

_Row = Select[*tuple[Any, ...]]


async def counted(read: ReadSession, wanted: Wanted, parameters: dict[str, Any]) -> tuple[Total, Facets]:
    """How many listings there are, and by what they can be narrowed. One statement.

    `parameters` are what `narrowing.given` says of `wanted`.
    """
    shape = shape_of(parameters)
    rows = await _prepared(shape, wanted.category.depth if wanted.category else None).fetch(read, parameters)
    found: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
    for facet, *rest in rows:
        found[facet].append(rest)
    ((_, _, _, _, count, weight),) = found.pop(_TOTAL)
    total = Total(count=min(count * weight, MOST_COUNTED), is_exact=weight == 1 and count <= MOST_COUNTED)
    return total, _facets(wanted, found)


@lru_cache(_MOST_KINDS)
def _prepared(shape: frozenset[str], level: int | None) -> Prepared:
    return Prepared(_statement(shape, level), planned_anew=bool(shape))


def _statement(shape: frozenset[str], level: int | None) -> _Row:
    """All facets in one: rows of facet, code, name, hex, position, count, and what each counted listing stands for."""
    everything = _Scope("all", shape, level)
    scopes = {
        facet: _Scope(facet, shape - own, level) if shape & own else everything for facet, own in _PARAMETERS.items()
    }
    parts = [
        everything.total(),
        _brands(scopes["brands"].counts("brand_id"), shape),
        _sizes(scopes["sizes"].counts("size_id"), shape),
        _colours(scopes["colours"].counts("colour"), shape),
        _unnamed("conditions", scopes["conditions"].counts("condition")),
        _unnamed("prices", scopes["prices"].counts("price_minor")),
    ]
    below = LEVELS.get((level or 0) + 1)
    if below:
        parts.append(_categories(scopes["categories"].counts(below)))
    return select(union_all(*parts).subquery("facets"))


class _Scope:
    """The listings that a facet counts: all that fit if they are few, or else those of the sample."""

    def __init__(self, name: str, shape: frozenset[str], level: int | None) -> None:
        fit = (*in_order(shape, level), *narrowing(LISTINGS.c, shape))
        columns = [LISTINGS.c[column] for column in _COUNTED]
        sample = select(*columns).where(*fit, SAMPLED).cte(f"{name}_sample").prefix_with("MATERIALIZED")
        is_little = select(func.count()).select_from(sample).scalar_subquery() < literal_column(str(_SURELY_MORE))
        most: ColumnElement[int] = literal_column(str(MOST_COUNTED + 1))
        few = select(*columns).where(*fit, is_little).limit(most).cte(f"{name}_few").prefix_with("MATERIALIZED")
        is_few = and_(is_little, select(func.count()).select_from(few).scalar_subquery() < most)
        self._rows = union_all(select(few).where(is_few), select(sample).where(~is_few)).cte(f"{name}_counted")
        self._weight = case((is_few, literal_column("1")), else_=literal_column(str(_STANDS_FOR)))

    def counts(self, by: str) -> Subquery:
        """`value` of a column, `count`, and the `weight` of each; prices by their band."""
        column = self._rows.c[by]
        value = func.width_bucket(column, _BANDS) if by == "price_minor" else column
        counted = select(value.label("value"), func.count().label("count"), self._weight.label("weight"))
        return counted.group_by(value).subquery(f"by_{by}")

    def total(self) -> _Row:
        """The row that counts everything."""
        count = select(func.count()).select_from(self._rows).scalar_subquery()
        return select(*_begin(_TOTAL), count.label("count"), self._weight.label("weight"))


_BANDS: Final = cast(list(BANDS), ARRAY(BigInteger))


def _begin(
    facet: str,
    code: SQLColumnExpression[Any] | None = None,
    name: SQLColumnExpression[Any] | None = None,
    swatch: SQLColumnExpression[Any] | None = None,
    position: SQLColumnExpression[Any] | None = None,
) -> tuple[ColumnElement[Any], ...]:
    """What a row begins with. All parts of a union have the same types."""
    texts = [cast(null() if column is None else column, Text) for column in (code, name, swatch)]
    placed = cast(null() if position is None else position, Integer)
    return (cast(facet, Text).label("facet"), *_labelled(*texts, placed))


def _labelled(*columns: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return tuple(column.label(name) for column, name in zip(columns, ("code", "name", "hex", "position"), strict=True))


def _named(
    begin: tuple[ColumnElement[Any], ...],
    names: FromClause,
    key: SQLColumnExpression[Any],
    counts: Subquery,
    facet: str,
    shape: frozenset[str],
) -> _Row:
    """Values with the names that the catalogue has for them: those that there are, and those that are chosen."""
    count, weight = func.coalesce(counts.c.count, 0), func.coalesce(counts.c.weight, 1)
    shown: ColumnElement[bool] = counts.c.count.is_not(None)
    if facet in shape:
        shown = or_(shown, begin[1] == any_(bindparam(facet, type_=TEXTS)))
    joined = names.outerjoin(counts, counts.c.value == key)
    return select(*begin, count.label("count"), weight.label("weight")).select_from(joined).where(shown)


def _brands(counts: Subquery, shape: frozenset[str]) -> _Row:
    """The most frequent ones; a brand that is chosen counts as frequent."""
    rows = _named(_begin("brands", Brand.slug, Brand.name), Brand.__table__, Brand.id, counts, "brands", shape)
    order: list[SQLColumnExpression[Any]] = [literal_column("count").desc(), Brand.slug]
    if "brands" in shape:
        order.insert(0, (Brand.slug == any_(bindparam("brands", type_=TEXTS))).desc())
    return select(rows.order_by(*order).limit(literal_column(str(_MOST_BRANDS))).subquery("frequent"))


def _sizes(counts: Subquery, shape: frozenset[str]) -> _Row:
    position = SizeSystem.position * literal_column("1000") + Size.position
    names = Size.__table__.join(SizeSystem.__table__, SizeSystem.code == Size.system)
    return _named(_begin("sizes", SIZE, Size.label, None, position), names, Size.id, counts, "sizes", shape)


def _colours(counts: Subquery, shape: frozenset[str]) -> _Row:
    begin = _begin("colours", Colour.code, Colour.name, Colour.hex, Colour.position)
    return _named(begin, Colour.__table__, Colour.code, counts, "colours", shape)


def _categories(counts: Subquery) -> _Row:
    begin = _begin("categories", Category.path, Category.name, None, Category.position)
    return _named(begin, Category.__table__, Category.id, counts, "categories", frozenset())


def _unnamed(facet: str, counts: Subquery) -> _Row:
    """Values that need no table: this process knows them all."""
    return select(*_begin(facet, counts.c.value), counts.c.count, counts.c.weight)


def _facets(wanted: Wanted, found: defaultdict[str, list[Sequence[Any]]]) -> Facets:
    counts = {facet: {code: count * weight for code, *_, count, weight in rows} for facet, rows in found.items()}
    return Facets(
        categories=_values(found["categories"], ()),
        brands=tuple(sorted(_values(found["brands"], wanted.brands), key=lambda value: (-value.count, value.name))),
        sizes=_values(found["sizes"], wanted.sizes),
        colours=_values(found["colours"], wanted.colours),
        conditions=tuple(
            FacetValue(code=code, name=code, count=count, is_selected=code in wanted.conditions)
            for code in Condition
            if (count := counts.get("conditions", {}).get(code, 0)) or code in wanted.conditions
        ),
        prices=_bands(wanted, counts.get("prices", {})),
        estimated=frozenset(facet for facet, rows in found.items() if any(weight > 1 for *_, weight in rows)),
    )


def _values(rows: list[Sequence[Any]], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(code=code, name=name, count=count * weight, is_selected=code in chosen, hex=swatch)
        for code, name, swatch, _, count, weight in sorted(rows, key=lambda row: (row[3] or 0, row[1]))
    )


def _bands(wanted: Wanted, counts: dict[str, int]) -> tuple[PriceBand, ...]:
    asked = (wanted.min_price_minor or 0, wanted.max_price_minor)
    bands = []
    for number, low in enumerate(BANDS, start=1):
        high = BANDS[number] - 1 if number < len(BANDS) else None
        count, is_selected = counts.get(str(number), 0), asked == (low, high)
        if count or is_selected:
            band = PriceBand(min_price_minor=low or None, max_price_minor=high, count=count, is_selected=is_selected)
            bands.append(band)
    return tuple(bands)
