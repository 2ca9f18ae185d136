"""Which failures of Threadly are no news, and which always are: data for `core.observability.errors.Noise`.

A refusal has told its reader what to do; nobody else need know. But what is about money, about who is asking, or about
data is told whatever it is: as a warning if it was answered as a refusal. Packages that are still to come stand here
already, so that none of them begins its life unheard. `tests/test_noise.py` holds this against every problem there is.
"""

from typing import Final

from threadly.core.observability.errors import Rule

REFUSALS: Final = range(400, 500)

RULES: Final = (
    Rule("refused", "threadly.core.errors.Problem", statuses=REFUSALS),
    Rule("refused_by_framework", "litestar.exceptions.http_exceptions.HTTPException", statuses=REFUSALS),
)

SERIOUS: Final = (
    # who is asking
    "threadly.core.auth",
    "threadly.core.security",
    "threadly.marketplace.members.errors.SignInRefused",
    "threadly.marketplace.members.errors.CurrentPasswordWrong",
    "threadly.marketplace.members.errors.PasswordChangedMeanwhile",
    # data
    "threadly.core.database",
    "sqlalchemy",
    "asyncpg",
    # money
    "threadly.marketplace.offers",
    "threadly.marketplace.cart",
    "threadly.marketplace.orders",
    "threadly.marketplace.payments",
    "threadly.marketplace.ledger",
    "threadly.marketplace.payouts",
    "threadly.marketplace.disputes",
    "threadly.integrations.stripe",
)
"""Classes, modules and packages."""
