"""No address leads inside, however it is spelled, named, or led on; and honest ones are asked."""

import asyncio
import ssl
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest

from tests.core.security.outgoing.conftest import Net
from tests.core.security.outgoing.pack import HONEST, REFUSED, UNANSWERED, Attack, Honest, to
from tests.core.security.outgoing.servers import INSIDE, OUTSIDE
from threadly.core.security.outgoing import AddressRefused, AddressUnanswered, AnswerTooLarge, Reason


def test_the_pack_has_as_many_cases_as_were_asked_for() -> None:
    assert len({attack.name + attack.url for attack in REFUSED}) == len(REFUSED) >= 40
    assert len(HONEST) >= 15


@pytest.mark.parametrize("attack", REFUSED, ids=lambda attack: f"{attack.name}: {attack.url[:40]}")
async def test_an_attack_is_refused_and_reaches_nobody_inside(net: Net, attack: Attack) -> None:
    host = net.filled(attack.url).partition("://")[2].partition("/")[0].rpartition(":")[0].lower().rstrip(".")
    net.names.zone = {**net.names.zone, **{name: attack.numbers for name in (host, "evil.example") if attack.numbers}}
    with pytest.raises(AddressRefused):
        await net.client(longest=timedelta(seconds=5)).get(net.filled(attack.url))
    assert net.servers.inside == []


@pytest.mark.parametrize("honest", HONEST, ids=lambda honest: honest.name)
async def test_an_honest_address_is_asked(net: Net, honest: Honest) -> None:
    answer = await net.client(longest=timedelta(seconds=5)).get(net.filled(honest.url))
    assert (answer.status, answer.body) == (honest.status, honest.body)
    assert net.servers.inside == []


@pytest.mark.parametrize("path", UNANSWERED)
async def test_what_a_server_outside_sends_is_bounded_in_bytes_and_time(net: Net, path: str) -> None:
    began = time.monotonic()
    with pytest.raises((AddressUnanswered, AnswerTooLarge)) as refusal:
        await net.client().get(net.filled("http://shop.example:{P}") + path)
    assert time.monotonic() - began < 3
    if path in {"/lie", "/endless", "/packed", "/long/10001"}:
        assert refusal.type is AnswerTooLarge


async def test_a_name_that_changes_its_mind_is_looked_up_once_and_asked_where_it_was_seen(net: Net) -> None:
    net.names.zone = {"rebind.example": [[OUTSIDE], [INSIDE]]}
    client = net.client()
    answer = await client.get(net.filled("http://rebind.example:{P}/"))
    assert (answer.body, net.names.asked["rebind.example"]) == (b"fine", 1)
    assert net.servers.inside == []

    with pytest.raises(AddressRefused) as refusal:
        await client.get(net.filled("http://rebind.example:{P}/"))
    assert refusal.value.reason is Reason.PRIVATE
    assert net.servers.inside == []


async def test_who_checks_first_and_asks_by_name_afterwards_is_led_inside(net: Net) -> None:
    net.names.zone = {"rebind.example": [[OUTSIDE], [INSIDE]]}
    (checked,) = await net.names.resolver("rebind.example")
    (asked,) = await net.names.resolver("rebind.example")
    reader, writer = await asyncio.open_connection(asked, net.servers.port)
    writer.write(b"GET /secret HTTP/1.1\r\nhost: rebind.example\r\n\r\n")
    assert b"fine" in await reader.read()
    assert (checked, net.servers.inside) == (OUTSIDE, ["/secret"])
    writer.close()


async def test_a_redirect_to_a_name_that_changes_its_mind_is_refused(net: Net) -> None:
    net.names.zone = {**net.names.zone, "rebind.example": [[OUTSIDE], [INSIDE]]}
    way = net.filled(to("http://rebind.example:{P}/to/302/http://rebind.example:{P}/"))
    with pytest.raises(AddressRefused):
        await net.client().get(way)
    assert net.servers.inside == []


async def test_certificates_are_those_of_the_name_and_of_somebody_we_trust(net: Net) -> None:
    answer = await net.client().get(net.filled("https://shop.example:{T}/"))
    assert answer.body == b"fine"
    asked = len(net.servers.outside)
    for client, url in (
        (net.client(), "https://www.shop.example:{T}/"),
        (net.client(), f"https://{OUTSIDE}:{{T}}/"),
        (net.client(tls=ssl.create_default_context()), "https://shop.example:{T}/"),
    ):
        with pytest.raises(AddressUnanswered):
            await client.get(net.filled(url))
    assert len(net.servers.outside) == asked


async def test_nobody_can_switch_off_that_certificates_are_looked_at(net: Net) -> None:
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with pytest.raises(AddressUnanswered):
        await net.client(tls=careless).get(net.filled("https://shop.example:{T}/"))


async def test_https_leads_to_no_http_and_http_may_not_be_asked_where_it_is_not_named(net: Net) -> None:
    with pytest.raises(AddressRefused) as refusal:
        await net.client().get(net.filled("https://shop.example:{T}/to/302/http://shop.example:{P}/"))
    assert refusal.value.reason is Reason.REDIRECTS
    with pytest.raises(AddressRefused) as refusal:
        await net.client(schemes=("https",)).get(net.filled("http://shop.example:{P}/"))
    assert refusal.value.reason is Reason.SCHEME


async def test_headers_are_for_the_server_that_was_named(net: Net) -> None:
    own = {"Authorization": "Bearer of-the-shop", "Host": "valkey", "Connection": "keep-alive"}
    await net.client().get(net.filled(to("http://www.shop.example:{P}/")), headers=own)
    first, second = net.servers.heads
    assert "of-the-shop" in first
    assert "of-the-shop" not in second
    assert net.filled("host: shop.example:{P}") in first.lower()
    assert "valkey" not in first


async def test_a_webhook_tells_one_server_and_follows_none(net: Net) -> None:
    client = net.client()
    told = await client.post(net.filled("http://shop.example:{P}/hook"), body=b"{}")
    assert told.is_success
    led = await client.post(net.filled(to("http://www.shop.example:{P}/", 307)), body=b"{}")
    assert (led.status, led.is_success) == (307, False)
    assert len(net.servers.outside) == 2


async def test_ones_own_networks_can_be_refused_though_they_are_public(net: Net) -> None:
    client = net.client(allowed=[], refused=[ip_network("198.41.0.0/24")])
    net.names.zone = {"own.example": [["198.41.0.4"]]}
    with pytest.raises(AddressRefused):
        await client.get("http://own.example/")


async def test_an_address_can_be_checked_when_it_is_written_down(net: Net) -> None:
    client = net.client()
    client.check(net.filled("https://shop.example:{T}/hook"))
    with pytest.raises(AddressRefused):
        client.check("http://127.0.0.1:6379/")
    assert net.servers.outside == []


async def test_variables_that_name_a_proxy_count_for_nothing(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, net.filled(f"http://{INSIDE}:{{P}}"))
    answer = await net.client().get(net.filled("http://shop.example:{P}/"))
    assert answer.body == b"fine"
    assert net.servers.inside == []


async def test_what_is_refused_tells_nobody_what_is_inside(net: Net) -> None:
    net.names.zone = {"evil.example": [[INSIDE]]}
    said = set()
    for url in ("http://evil.example:{P}/", "http://nobody.example:{P}/", "http://10.0.0.1/"):
        with pytest.raises(AddressRefused) as refusal:
            await net.client().get(net.filled(url))
        said.add((str(refusal.value), str(refusal.value.facts)))
    assert len(said) == 1


async def test_a_client_that_is_closed_leaves_no_connection(net: Net) -> None:
    client = net.client(longest=timedelta(seconds=30))
    waiting = asyncio.create_task(client.get(net.filled("http://shop.example:{P}/silent")))
    while not net.servers.outside:  # noqa: ASYNC110 - another server's list
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await client.close()
