"""Which functions SQL calls, and whether it is known of each that it changes nothing.

Guaranteed: a function that is not named here is a stranger, and so is one of a schema of its own or in quotes.
"""

from collections.abc import Iterator, Sequence
from typing import Final

_STEADY: Final = """
    ABS AGE ARRAY_APPEND ARRAY_LENGTH ARRAY_POSITION ARRAY_REMOVE ARRAY_TO_STRING BTRIM CARDINALITY CEIL
    CHAR_LENGTH COALESCE CONCAT CONCAT_WS CURRENT_SETTING DATE_PART DATE_TRUNC DECODE ENCODE EXTRACT FLOOR
    FORMAT GREATEST INITCAP JSONB_BUILD_ARRAY JSONB_BUILD_OBJECT JSONB_SET JSON_BUILD_ARRAY JSON_BUILD_OBJECT
    LEAST LEFT LENGTH LOWER LPAD LTRIM MAKE_DATE MAKE_INTERVAL MAKE_TIMESTAMPTZ MD5 MOD NOW NULLIF NUM_NONNULLS
    NUM_NULLS OCTET_LENGTH OVERLAY POSITION POWER REGEXP_REPLACE REPEAT REPLACE REVERSE RIGHT ROUND RPAD RTRIM
    SHA256 SIGN SPLIT_PART SQRT STATEMENT_TIMESTAMP STRING_TO_ARRAY STRPOS SUBSTR SUBSTRING TO_CHAR TO_DATE
    TO_JSON TO_JSONB TO_NUMBER TO_TIMESTAMP TO_TSVECTOR TRANSACTION_TIMESTAMP TRANSLATE TRIM TRUNC UPPER
"""
_REPEATABLE: Final = """
    ARRAY_AGG AVG BOOL_AND BOOL_OR COUNT DENSE_RANK EVERY FIRST_VALUE GENERATE_SERIES JSONB_AGG JSONB_OBJECT_AGG
    JSON_AGG LAG LAST_VALUE LEAD MAX MIN RANK ROW_NUMBER SETVAL STRING_AGG SUM TO_REGCLASS UNNEST
"""
_KEYWORDS: Final = """
    ALL AND ANY ARRAY AS BETWEEN BIT BY CASE CAST CHAR CHARACTER CHECK CONFLICT CROSS CUBE CURRENT_TIME
    CURRENT_TIMESTAMP DECIMAL DISTINCT ELSE END EXCEPT EXISTS FILTER FROM FULL GROUPING HAVING ILIKE IN INNER
    INTERSECT INTERVAL INTO IS JOIN KEY LATERAL LIKE LIMIT LOCALTIME LOCALTIMESTAMP MATERIALIZED NOT NUMERIC
    OFFSET ON ONLY OR OVER RETURNING ROLLUP ROW SELECT SET SETS SIMILAR SOME THEN TIME TIMESTAMP TIMESTAMPTZ
    UNION USING VALUES VARCHAR VARYING WHEN WHERE WINDOW WITHIN
"""

STEADY: Final = frozenset(_STEADY.split())
"""They give a statement one answer for the same values, and change nothing."""

REPEATABLE: Final = STEADY | frozenset(_REPEATABLE.split())
"""Asked again they leave the same behind."""

HARMLESS: Final = REPEATABLE | {"CLOCK_TIMESTAMP", "GEN_RANDOM_UUID", "NEXTVAL", "RANDOM", "UUIDV4", "UUIDV7"}
"""They keep nobody waiting."""

_NO_CALL: Final = frozenset(_KEYWORDS.split())
"""Before a bracket, these are no function."""


def strangers(words: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    """Each function that is called, and is not known."""
    for at, word in enumerate(words):
        name = words[at - 1] if at else ""
        if word != "(" or not (name[:1].isalpha() or name[:1] in {'"', "_"}) or name in _NO_CALL:
            continue
        first = at - 1
        while first >= 2 and words[first - 1] == ".":
            first -= 2
        schema, before = tuple(words[first : at - 1]), words[first - 1] if first else ""
        if before in {"INTO", "REFERENCES", "AS", ")"}:  # columns of a table, or of what is called so
            continue
        if name not in known or schema not in ((), ("PG_CATALOG", ".")):
            yield name
