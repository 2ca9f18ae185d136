"""Each rule fires on a planted example, and is silent on what should be written instead."""

from pathlib import Path

import pytest

from habits.house import let_off_in_vain
from habits.mirror import RULE
from habits.rule import Source
from habits.rules import RULES

SLICE = "src/threadly/marketplace/offers/queries.py"
MODELS = "src/threadly/marketplace/offers/models.py"
PAGE = "src/threadly/web/templates/offers/page.html"
CORE = "src/threadly/core/observability/context.py"
TEST = "tests/marketplace/offers/test_queries.py"

BROKEN_AND_KEPT = [
    ("nothing-at-import", SLICE, "client = AsyncClient()", "def client(): return AsyncClient()"),
    (
        "nothing-at-import",
        SLICE,
        "class A:\n    pool = create_pool()",
        "if __name__ == '__main__':\n    asyncio.run(main())",
    ),
    ("nothing-at-import", SLICE, "def f(key=os.getenv('KEY')): ...", "def f(key=None): ..."),
    ("nothing-at-import", SLICE, "if True:\n    Thread(target=f).start()", "build = lambda: Thread(target=f)"),
    ("nothing-at-import", SLICE, "KEY = os.environ['KEY']", "KEY = 'KEY'"),
    (
        "own-front-door",
        SLICE,
        "from threadly.marketplace.offers import Offer",
        "from threadly.marketplace.offers.models import Offer\nfrom threadly.marketplace.offers import models",
    ),
    ("environment-read-once", SLICE, "def f(): return os.environ['HOME']", "def f(settings): return settings.home"),
    ("environment-read-once", SLICE, "from os import environ", "from os import getpid"),
    (
        "edges-open-transactions",
        SLICE,
        "from threadly.core.database import Database",
        "from threadly.core.database import Tx",
    ),
    ("edges-open-transactions", SLICE, "async def f(db): await db.run(g)", "async def f(tx): await g(tx)"),
    ("nobody-commits", SLICE, "async def f(tx): await tx.commit()", "async def f(tx): await tx.flush()"),
    ("nobody-commits", "src/threadly/web/offers.py", "session.rollback()", "db.run(offers.make)"),
    ("time-from-clock", SLICE, "at = datetime.now(UTC)", "at = clock.now()"),
    ("time-from-clock", SLICE, "at = datetime.datetime.utcnow()", "took = time.monotonic() - started"),
    ("time-from-clock", SLICE, "from time import time", "from time import monotonic, perf_counter"),
    ("ids-from-ids", SLICE, "from uuid import UUID, uuid4", "from uuid import UUID"),
    ("ids-from-ids", SLICE, "import uuid\nid = uuid.uuid7()", "id = ids.new()"),
    ("money-is-integer", SLICE, "price: float = 1", "price_minor: int = 100"),
    ("money-is-integer", SLICE, "def f(amount: Decimal): ...", "def f(amount_minor: int): ..."),
    ("money-is-integer", SLICE, "def fee() -> float | None: ...", "def feed() -> float: ..."),
    ("money-is-integer", SLICE, "fee = total / 20", "fee_minor = total_minor // 20"),
    ("money-is-integer", SLICE, "shown = float(row.price)", "shown = float(row.width)"),
    ("money-is-integer", MODELS, "price = mapped_column(Numeric(10, 2))", "price_minor = mapped_column(BigInteger)"),
    ("sql-is-built", SLICE, "from sqlalchemy import text\ntext('SELECT 1')", "from paths import text\ntext('M 0 0')"),
    ("sql-is-built", SLICE, "from sqlalchemy import text as sql\nsql('SELECT 1')", "select(Offer.id)"),
    (
        "sql-is-built",
        MODELS,
        "from sqlalchemy import text\ntext(f)",
        "from sqlalchemy import text\ntext('lower(name)')",
    ),
    (
        "sql-is-constant",
        "src/threadly/core/database/a.py",
        "text(f'SELECT {name}')",
        "text(f'SELECT {_COLUMNS} FROM a')",
    ),
    ("sql-is-constant", "src/threadly/core/database/a.py", "text('SELECT ' + name)", "text('SELECT :name')"),
    ("sql-is-constant", "src/threadly/core/database/a.py", "text('SELECT %s' % name)", "literal_column('1')"),
    ("sql-is-constant", "src/threadly/core/database/a.py", "text('SELECT {}'.format(name))", "text(statement)"),
    *(
        ("sql-is-constant", "src/threadly/core/database/a.py", broken, kept)
        for broken, kept in (
            ("connection.execute(f'SELECT {name}')", "connection.execute('SELECT $1', name)"),
            ("connection.fetch('SELECT ' + name)", "connection.fetch('SELECT 1')"),
            ("connection.fetchval('SELECT %s' % name)", "connection.fetchval(_COUNT)"),
            ("connection.fetchrow('SELECT {}'.format(name))", "connection.fetchrow('SELECT ' + _COLUMNS)"),
            ("cursor.executemany('{x}'.format_map(names), rows)", "cursor.executemany(_INSERT, rows)"),
            ("connection.exec_driver_sql(', '.join(names))", "connection.exec_driver_sql(', '.join((_A, 'b')))"),
            ("text('SELECT ' + ', '.join(names))", "text(', '.join(['a', 'b']))"),
            ("text('SELECT x'.replace('x', name))", "text(name.replace('x', 'y'))"),
            ("connection.prepare(f'SELECT 1' if a else f'SELECT {name}')", "connection.prepare(A if a else B)"),
            ("DDL(f'ALTER TABLE {name}')", "DDL(f'ALTER TABLE {TABLE}')"),
            (
                "def f(name):\n    sql = f'SELECT {name}'\n    text(sql)",
                "def f(name):\n    sql = 'SELECT 1'\n    text(sql)",
            ),
            (
                "def f(name):\n    sql = 'SELECT'\n    sql += name\n    text(sql)",
                "def f(name):\n    said = f'{name}'\n    text('SELECT 1')",
            ),
            (
                "def f(name):\n    begins = 'SELECT ' + name\n    whole = f'{begins}'\n    execute(whole)",
                "def f(name):\n    sql = f'{name}'\n    def g(sql):\n        text(sql)",
            ),
            ("def f(name):\n    if (sql := f'SELECT {name}'):\n        text(str(sql))", "f = lambda sql: text(sql)"),
            ("f = lambda name: text(f'SELECT {name}')", "execute(select(A.name).where(A.name == f'{name}'))"),
        )
    ),
    ("ways-on-stay-here", "src/threadly/web/a.py", "headers = {'Location': way}", "return see_other(way)"),
    ("ways-on-stay-here", "src/threadly/web/a.py", "h = [(b'hx-redirect', way)]", "allocation = 'locations'"),
    (
        "ways-on-stay-here",
        "src/threadly/api/a.py",
        "from litestar.response import Redirect",
        "from litestar.response import Response",
    ),
    ("outgoing-is-guarded", SLICE, "import httpx", "from threadly.core.security.outgoing import Outgoing"),
    ("outgoing-is-guarded", SLICE, "from urllib.request import urlopen", "from urllib.parse import urlsplit"),
    ("outgoing-is-guarded", "src/threadly/web/hooks.py", "import urllib.request", "import urllib.parse"),
    ("outgoing-is-guarded", SLICE, "from http import client", "from http import HTTPStatus"),
    ("outgoing-is-guarded", SLICE, "await asyncio.open_connection(host, 80)", "await outgoing.get(url)"),
    ("signed-by-the-ring", SLICE, "hmac.new(key, text, 'sha256')", "hmac.compare_digest(one, other)"),
    ("signed-by-the-ring", CORE, "hashlib.blake2b(text, key=secret)", "hashlib.blake2b(text, digest_size=16)"),
    ("signed-by-the-ring", SLICE, "from hmac import digest", "from hmac import compare_digest"),
    ("tables-are-models", SLICE, "from sqlalchemy import table\ntable('offers')", "table = Offer\ntable(id=1)"),
    ("tables-are-models", SLICE, "OFFERS = Offer.__table__.to_metadata(other)", "OFFERS = Offer.__table__"),
    ("no-offset", SLICE, "select(Offer.id).offset(20)", "select(Offer.id).where(tuple_(Offer.id) < key)"),
    ("no-offset", SLICE, "S = 'SELECT id FROM offers LIMIT 5 OFFSET 5'", "S = 'the offset of a picture'"),
    ("slices-share-no-objects", MODELS, "class A(Model):\n    b: Mapped['Listing'] = relationship()", "x = 1"),
    (
        "slices-share-no-objects",
        MODELS,
        "class A(Model):\n    b = relationship('Listing')",
        "class B(Model): ...\nclass A(Model):\n    b: Mapped[list['B']] = relationship(back_populates='a')",
    ),
    ("slices-share-no-objects", MODELS, "ForeignKey(Listing.id)", "ForeignKey('listings.id', ondelete='RESTRICT')"),
    ("first-parameter-tells", SLICE, "async def f(id: UUID, tx: Tx): ...", "async def f(tx: Tx, id: UUID): ..."),
    ("first-parameter-tells", SLICE, "async def f(session: ReadSession): ...", "async def f(read: ReadSession): ..."),
    ("first-parameter-tells", SLICE, "def f(tx: AsyncSession): ...", "class A:\n    def f(self, tx: Tx): ..."),
    (
        "no-orm-in-faces",
        "src/threadly/api/offers.py",
        "from sqlalchemy import select",
        "from threadly.marketplace import offers",
    ),
    ("core-knows-no-shop", CORE, "listing_id: str", "order_id: str"),
    ("core-knows-no-shop", CORE, "def of(member_id): ...", "def of(members): ..."),
    ("core-knows-no-shop", CORE, "work.sellers = 1", "work.senders = 1"),
    ("core-knows-no-shop", CORE, "class ListingWork: ...", "class Work: ..."),
    ("core-knows-no-shop", CORE, "Work(buyer=1)", "Work(job='listings')"),
    ("names-say-what", "src/threadly/core/utils.py", "", None),
    ("names-say-what", "src/threadly/core/common/a.py", "", None),
    ("names-say-what", "tests/test_helpers.py", "", None),
    ("names-say-what", SLICE, "class OfferManager: ...", "class Offers: ..."),
    ("files-stay-small", SLICE, "x = 1\n" * 401, "x = 1\n" * 400),
    ("compare-in-constant-time", SLICE, "ok = given == self.token", "ok = hmac.compare_digest(given, self.token)"),
    ("compare-in-constant-time", SLICE, "if form.csrf_token != expected: ...", "if kind == token_kind: ..."),
    ("no-pickle", SLICE, "import pickle", "import msgspec"),
    ("no-secrets", "dev", "KEY=sk_" + "live_" + "0123456789abcdefXYZ", "KEY=sk_test_…"),
    ("no-secrets", "docs/guide.md", "-----BEGIN RSA PRIVATE " + "KEY-----", "a private key"),
    ("nothing-inline", PAGE, "<script>\nalert(1)</script>", '<script src="/static/a.js" defer></script>'),
    ("nothing-inline", PAGE, '<p\n style="color: red">', '<p class="text-error" data-style="x">'),
    ("nothing-inline", PAGE, '<a onclick="f()">', '<a href="/on=1">'),
    ("nothing-inline", PAGE, "<style>p {}</style>", '<link rel="stylesheet" href="/static/a.css">'),
    ("nothing-inline", PAGE, '<b hx-on:click="f()">', '<b hx-get="/a">'),
    ("nothing-inline", PAGE, '<a href="javascript:f()">', '<a href="/javascript">'),
    ("nothing-inline", PAGE, "<i hx-vals='js:{a: f()}'>", '<script type="application/ld+json">{"a": 1}</script>'),
    ("escaped-in-templates", PAGE, "{{ title|safe }}", "{{ title }}"),
    ("escaped-in-templates", PAGE, "{% autoescape false %}", "{% block safe %}"),
    (
        "forms-show-a-token",
        "src/threadly/web/templates/a/page.html",
        '<form method="post" action="{{ at }}/a"{% if a > b %} hidden{% endif %}>\n<button>',
        '<form method="post" action="{{ at }}/a">{% include "shared/csrf.html" %}<button>',
    ),
    (
        "forms-show-a-token",
        "src/threadly/web/templates/a/page.html",
        '<form action="/a" method=post>{{ mistakes(refusals) }}{% include "shared/csrf.html" %}',
        '<form action="/a" method="get">',
    ),
    ("no-mocks", TEST, "from unittest.mock import Mock", "import time_machine"),
    (
        "no-tests-set-aside",
        TEST,
        "@pytest.mark.skip\ndef test_a_b_c(): ...",
        "@pytest.mark.parametrize\ndef test_a_b_c(): ...",
    ),
    (
        "tests-stand-alone",
        TEST,
        "from tests.api.test_selling import a_seller",
        "from tests.api.selling import a_seller",
    ),
    ("tests-are-sentences", TEST, "def test_offer(): ...", "def test_an_offer_must_reach_the_floor(): ..."),
    ("speaks-of-threadly", "docs/guide.md", "see /User" + "s/somebody/main", "see /workers/main and ~/work/main"),
    ("speaks-of-threadly", SLICE, "A = '/hom" + "e/somebody/x'", "A = '/home-page'"),
    ("no-download-addresses", "requirements/site.txt", "--index-" + "url https://x", "granian==2.8.7 \\"),
    ("no-download-addresses", "package-lock.json", '  "resolved"' + ': "x"', '  "integrity": "sha512-x"'),
]


@pytest.mark.parametrize(("name", "path", "broken", "kept"), BROKEN_AND_KEPT)
def test_a_rule_fires_on_what_it_is_against_and_only_on_that(
    name: str, path: str, broken: str, kept: str | None
) -> None:
    rule = RULES[name]
    beside = frozenset({"models", "queries"})
    assert [finding.rule for finding in rule.findings(Source(path, broken, beside))] == [name]
    if kept is not None:
        assert list(rule.findings(Source(path, kept, beside))) == []


def test_every_rule_has_an_example_and_says_what_it_guards() -> None:
    assert {name for name, *_ in BROKEN_AND_KEPT} == set(RULES)
    assert [rule.name for rule in RULES.values() if len(rule.guards) < 20] == []


def test_a_rule_leaves_alone_the_places_where_the_thing_belongs() -> None:
    for name, path, text in [
        ("time-from-clock", "src/threadly/core/clock.py", "datetime.now(UTC)"),
        ("nobody-commits", "src/threadly/core/database/engine.py", "session.commit()"),
        ("environment-read-once", "src/threadly/settings/reading.py", "import os\nos.environ"),
        ("sql-is-built", "src/threadly/core/database/jobs.py", "from sqlalchemy import text\ntext('SELECT 1')"),
        ("ids-from-ids", TEST, "from uuid import uuid4"),
    ]:
        assert list(RULES[name].findings(Source(path, text))) == [], name


def test_a_comment_with_a_reason_lets_one_line_off() -> None:
    letting = "import pickle  # habit: no-pickle - reads what an older release wrote\nimport marshal"
    assert [finding.line for finding in RULES["no-pickle"].findings(Source(SLICE, letting))] == [2]


def test_a_comment_without_a_reason_lets_nothing_off() -> None:
    assert len(list(RULES["no-pickle"].findings(Source(SLICE, "import pickle  # habit: no-pickle")))) == 1


def test_a_comment_that_lets_nothing_off_is_itself_found() -> None:
    vain = Source(SLICE, "import msgspec  # habit: no-pickle - there was one here")
    wrong_name = Source(SLICE, "import pickle  # habit: pickles - who knows")
    assert [(found.path, found.line) for found in let_off_in_vain([vain, wrong_name])] == [(SLICE, 1), (SLICE, 1)]


def test_contributing_names_every_rule_and_no_other() -> None:
    contributing = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = {
        line.split("`")[-2] for line in contributing.splitlines() if line.startswith("| ") and "habits: `" in line
    }
    assert listed == {*RULES, RULE, "generated-up-to-date", "let-off-in-vain"}
