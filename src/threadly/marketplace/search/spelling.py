"""Which words of a text are known, and what was meant by those that are not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from threadly.marketplace.search import policy
from threadly.marketplace.search.models import SearchTerm
from threadly.marketplace.search.policy import Query

_SHORT: Final = 8
"""So few letters may share too few threes with what was meant: nkie, nike; jakcet, jacket."""
_MOST_NEAR: Final = 200
_TERM: Final = (SearchTerm.term, SearchTerm.target, SearchTerm.listings)


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What the words of a text mean, as far as they are known."""

    corrected: str | None
    """A better spelling, as it would be typed; None if every word is known, or unlike any."""
    words: tuple[str, ...]
    """Those that are known, spelt right, the rarest first."""


class Spelling:
    """The words of a text, as a part of a statement that is given what `words_of` says of it."""

    def __init__(self) -> None:
        words = func.unnest(bindparam("words", type_=ARRAY(Text)), bindparam("latin", type_=ARRAY(Text)))
        each = words.table_valued("word", "latin", name="each").render_derived()
        self._asked = select(each, func.unaccent(each.c.word).label("plain")).cte("asked").prefix_with("MATERIALIZED")
        its_own = and_(
            SearchTerm.kind == "word", SearchTerm.term == self._asked.c.plain, SearchTerm.target == SearchTerm.term
        )
        self._known = (
            select(self._asked.c.word, true().label("is_known"), *_TERM).join(SearchTerm, its_own).cte("known")
        )
        known = select(self._known.c.word).where(self._known.c.word == self._asked.c.word).exists()
        self._unknown = select(self._asked).where(~known).cte("unknown")
        self.has_unknown: ColumnElement[bool] = select(self._unknown.c.word).exists()

    def rows(self, *, near: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        """Rows for `meant`: a word as typed; whether it is known; it or one near it, as compared and as written; and
        how many listings have that.

        Args:
            near: Whether to look for words near the unknown ones, which takes some milliseconds.
        """
        like = self._like()
        found = select(self._unknown.c.word, false(), *like.c).join(like, true()).where(near)
        return select(union_all(select(self._known), found).subquery("spelt"))

    def _like(self) -> Any:  # noqa: ANN401 - a lateral subquery
        """Words that share letters with an unknown one, or begin alike and are as long."""
        plain, latin = self._unknown.c.plain, self._unknown.c.latin
        letters = func.char_length(plain)
        return (
            select(*_TERM)
            .where(
                SearchTerm.kind == "word",
                or_(
                    SearchTerm.term.op("%", is_comparison=True)(plain),
                    SearchTerm.term.op("%", is_comparison=True)(latin),
                    and_(
                        SearchTerm.term.like(func.concat(func.left(latin, 1), "%")),
                        func.char_length(SearchTerm.term).between(letters - 1, letters + 1),
                        letters <= _SHORT,
                    ),
                ),
            )
            .order_by(func.similarity(SearchTerm.term, plain).desc(), SearchTerm.listings.desc())
            .limit(literal_column(str(_MOST_NEAR)))
            .lateral("near")
        )


def words_of(query: Query) -> dict[str, list[str]]:
    """The parameters of a `Spelling`."""
    words = list(dict.fromkeys(query.words))
    return {"words": words, "latin": [policy.latin(word) for word in words]}


def meant(query: Query, rows: Iterable[Sequence[Any]]) -> Meant:
    """What a query means, by the rows of a `Spelling`."""
    candidates: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
    frequent: dict[str, int] = {}
    for word, is_known, term, target, listings in rows:
        if is_known:
            frequent[word] = listings
        else:
            candidates[word].append((term, target, listings))
    better: dict[str, str] = {}
    for word, near in candidates.items():
        likeliest = policy.likeliest(word, near)
        if likeliest is not None:
            frequent[likeliest] = max(listings for _, target, listings in near if target == likeliest)
            if likeliest != word:
                better[word] = likeliest
    return Meant(
        corrected=str(policy.respelt(query, better)) if better else None,
        words=tuple(sorted(frequent, key=lambda word: frequent[word])),
    )
