"""Workers keep limits together: exactly where they ask, nearly where they lease, and all or nothing."""

import asyncio
import time
from contextlib import suppress
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.core.security.limits.shared import Worker, flood, workers
from tests.engines import EngineUrls
from threadly.core.security.limits import Asked, Limit, Sharing

AGES = 1e7
"""So long that nothing comes back while a test runs."""
HOUR = 3600.0


def machine(url: str) -> type[RuleBasedStateMachine]:
    """Three workers, three limits, and beside them a plain count of what is left of each."""
    limits = [Limit("one", 5, AGES), Limit("two", 8, AGES, burst=3), Limit("three", 20, AGES)]

    class Compared(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            prefix = uuid4().hex
            self.workers = self.runner.run(self._made(prefix))
            self.left = {(limit.name, key): limit.at_once for limit in limits for key in "ab"}

        async def _made(self, prefix: str) -> list[Worker]:
            return [Worker(url, prefix, 3, 30.0, 0.0, 0.2) for _ in range(3)]

        @rule(
            worker=st.integers(0, 2),
            asked=st.lists(
                st.tuples(st.sampled_from(limits), st.sampled_from("ab"), st.integers(1, 4)),
                min_size=1,
                max_size=3,
                unique_by=lambda each: each[0].name,
            ),
        )
        def ask(self, worker: int, asked: list[tuple[Limit, str, int]]) -> None:
            fits = all(self.left[limit.name, key] >= cost for limit, key, cost in asked)
            verdict = self.runner.run(self.workers[worker].limiter.spend(*(Asked(*each) for each in asked)))
            assert verdict.is_refused is not fits
            if fits:
                for limit, key, cost in asked:
                    self.left[limit.name, key] -= cost
                assert verdict.left == min(self.left[limit.name, key] for limit, key, _ in asked)

        def teardown(self) -> None:
            for worker in self.workers:
                self.runner.run(worker.client.redis.aclose())
            self.runner.close()

    return Compared


async def test_whatever_is_asked_of_whichever_worker_is_as_a_plain_count_has_it(engine_urls: EngineUrls) -> None:
    tried = settings(max_examples=25, stateful_step_count=30, deadline=None)
    await asyncio.to_thread(run_state_machine_as_test, machine(engine_urls.cache_url), settings=tried)


async def test_four_processes_of_eight_tasks_with_clocks_two_hours_apart_let_in_exactly_so_many(
    engine_urls: EngineUrls,
) -> None:
    skews = [-HOUR, 0.0, 0.0, HOUR]
    let_in = await flood(engine_urls.cache_url, uuid4().hex, Sharing.EXACT, skews=skews, tries=25, seconds=AGES)
    assert len(let_in) == 100


async def test_what_is_leased_by_four_processes_is_over_by_no_more_than_a_twentieth_in_any_time(
    engine_urls: EngineUrls,
) -> None:
    seconds = 3.0
    let_in = await flood(
        engine_urls.cache_url, uuid4().hex, Sharing.LEASED, skews=[0.0] * 4, tries=1000, seconds=seconds
    )
    assert len(let_in) >= 100
    worst = max(
        (last - first + 1) - (100 + (let_in[last] - let_in[first]) * 100 / seconds)
        for first in range(len(let_in))
        for last in range(first, len(let_in))
    )
    # Each notes the time a moment later than it was let in: as much as comes back meanwhile.
    assert worst <= 5 + 0.1 * 100 / seconds


async def test_a_refusal_spends_nothing_and_is_remembered_without_a_call(engine_urls: EngineUrls) -> None:
    narrow, wide = Limit("narrow", 2, AGES), Limit("wide", 10, AGES)
    async with workers(engine_urls.cache_url, uuid4().hex, 2) as (one, other):
        asked = Asked(wide, "a"), Asked(narrow, "a")
        assert [await one.lets_in(*asked) for _ in range(2)] == [True, True]
        assert await other.lets_in(*asked) is False
        before = one.client.calls + other.client.calls
        assert [await worker.lets_in(*asked) for worker in (one, other) for _ in range(5)] == [False] * 10
        assert one.client.calls + other.client.calls <= before + 1, "the first had not heard of it yet"
        assert [await other.lets_in(Asked(wide, "a")) for _ in range(9)] == [True] * 8 + [False]


async def test_most_of_what_is_leased_costs_no_call_and_all_of_it_can_be_had(engine_urls: EngineUrls) -> None:
    general = Limit("general", 100, AGES, sharing=Sharing.LEASED)
    async with workers(engine_urls.cache_url, uuid4().hex, 4, looks=60.0) as several:
        let_in = [await several[0].lets_in(Asked(general, "a")) for _ in range(120)]
        assert let_in == [True] * 100 + [False] * 20
        assert several[0].client.calls <= 50


async def test_a_lease_lapses_and_what_is_given_back_is_not_spent(engine_urls: EngineUrls) -> None:
    leased, exact = Limit("leased", 50, AGES, sharing=Sharing.LEASED), Limit("exact", 1, AGES)
    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        assert await worker.lets_in(Asked(leased, "a"), Asked(exact, "a"))
        assert [await worker.lets_in(Asked(leased, "a"), Asked(exact, "a")) for _ in range(100)] == [False] * 100
        assert [await worker.lets_in(Asked(leased, "a")) for _ in range(50)] == [True] * 49 + [False]


async def test_after_as_long_as_was_told_the_next_is_let_in_and_not_before(engine_urls: EngineUrls) -> None:
    limit = Limit("auth", 2, 2.0)
    async with workers(engine_urls.cache_url, uuid4().hex, 1) as (worker,):
        began = time.monotonic()
        assert [await worker.lets_in(Asked(limit, "a")) for _ in range(2)] == [True, True]
        refused = await worker.limiter.spend(Asked(limit, "a"))
        if refused.is_refused:  # a machine that stood still for a second has let it in
            assert 0.0 < refused.reset <= 1.0
            await asyncio.sleep(refused.reset + 0.02)  # and the way to the store: by that, what is told here is early
        assert await worker.lets_in(Asked(limit, "a")) or not refused.is_refused
        assert time.monotonic() - began >= 0.99


async def test_what_many_ask_for_at_once_is_leased_once_and_refuses_nobody(engine_urls: EngineUrls) -> None:
    limit = Limit("wide", 3000, 1e7, sharing=Sharing.LEASED)
    async with workers(engine_urls.cache_url, uuid4().hex, 3, looks=60.0) as (*several, another):
        asked = [worker.lets_in(Asked(limit, "a page with its pictures")) for _ in range(45) for worker in several]
        assert all(await asyncio.gather(*asked))
        verdict = await another.limiter.spend(Asked(limit, "a page with its pictures"))
    most_leased = limit.lease_least + 90 // 3
    assert verdict.left >= 3000 - 90 - 1 - 3 * most_leased
    assert all(not worker.limiter._book(limit).leasing for worker in several)


async def test_a_call_that_is_cancelled_while_it_asks_for_a_lease_leaves_the_next_one_to_ask(
    engine_urls: EngineUrls,
) -> None:
    limit = Limit("wide", 3000, 1e7, sharing=Sharing.LEASED)
    async with workers(engine_urls.cache_url, uuid4().hex, 1, looks=60.0) as (worker,):
        leaving = asyncio.create_task(worker.lets_in(Asked(limit, "a")))
        await asyncio.sleep(0)
        leaving.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
        assert await worker.lets_in(Asked(limit, "a"))
        assert worker.limiter.take(Asked(limit, "a"))
