"""Addresses that must not be asked, and those that must be. `{P}` is the port of both servers."""

from typing import Final, NamedTuple

from tests.core.security.outgoing.servers import INSIDE, OUTSIDE


class Attack(NamedTuple):
    """An address that somebody gives us."""

    name: str
    url: str
    numbers: tuple[tuple[str, ...], ...] = ()
    """What the name in it leads to, the first time and the next."""


def to(address: str, status: int = 302) -> str:
    """A page outside that leads there."""
    return f"http://shop.example:{{P}}/to/{status}/{address}"


NUMBERS: Final = (
    Attack("loopback", "http://127.0.0.66:{P}/"),
    Attack("decimal", "http://2130706498:{P}/"),
    Attack("octal", "http://0177.0.0.0102:{P}/"),
    Attack("octal with many zeros", "http://0000177.0.0.66:{P}/"),
    Attack("a zero in front", "http://127.0.0.066:{P}/"),
    Attack("hexadecimal", "http://0x7f000042:{P}/"),
    Attack("hexadecimal by parts", "http://0x7f.0x0.0x0.0x42:{P}/"),
    Attack("mixed", "http://127.0.0x0.0102:{P}/"),
    Attack("two parts", "http://127.66:{P}/"),
    Attack("three parts", "http://127.0.66:{P}/"),
    Attack("zero", "http://0:{P}/"),
    Attack("nobody", "http://0.0.0.0:{P}/"),
    Attack("a dot behind", "http://127.0.0.66.:{P}/"),
    Attack("beyond 255", "http://383.0.0.66:{P}/"),
    Attack("five parts", "http://127.0.0.0.66:{P}/"),
    Attack("fullwidth digits", "http://\uff11\uff12\uff17.0.0.66:{P}/"),
    Attack("ideographic stops", "http://127\u30020\u30020\u300266:{P}/"),
    Attack("circled digits", "http://\u2460\u2461\u2466.0.0.66:{P}/"),
    Attack("percent", "http://%31%32%37.0.0.66:{P}/"),
    Attack("nul", "http://127.0.0.66%00.shop.example:{P}/"),
    Attack("soft hyphen", "http://127.0.0\u00ad.66:{P}/"),
    Attack("IPv6 loopback", "http://[::1]:{P}/"),
    Attack("IPv6 nobody", "http://[::]:{P}/"),
    Attack("IPv4-mapped", "http://[::ffff:127.0.0.66]:{P}/"),
    Attack("IPv4-mapped, hexadecimal", "http://[::ffff:7f00:42]:{P}/"),
    Attack("IPv4-compatible", "http://[::127.0.0.66]:{P}/"),
    Attack("NAT64", "http://[64:ff9b::7f00:42]:{P}/"),
    Attack("NAT64, local", "http://[64:ff9b:1::7f00:42]:{P}/"),
    Attack("6to4", "http://[2002:7f00:42::1]:{P}/"),
    Attack("Teredo", "http://[2001:0:4136:e378:8000:63bf:80ff:ffbd]:{P}/"),
    Attack("ISATAP", "http://[2a00:1450:4001:81b:0:5efe:127.0.0.66]:{P}/"),
    Attack("link-local", "http://[fe80::1]:{P}/"),
    Attack("link-local with its zone", "http://[fe80::1%25lo]:{P}/"),
    Attack("site-local", "http://[fec0::1]:{P}/"),
    Attack("unique local", "http://[fd12:3456::1]:{P}/"),
    Attack("IPv6 multicast", "http://[ff02::1]:{P}/"),
    Attack("discarded", "http://[100::1]:{P}/"),
    Attack("IPv6 of documents", "http://[2001:db8::1]:{P}/"),
    Attack("metadata", "http://169.254.169.254/latest/meta-data/"),
    Attack("metadata, IPv6", "http://[fd00:ec2::254]/latest/meta-data/"),
    Attack("metadata of containers", "http://169.254.170.2/v2/credentials"),
    Attack("metadata, Alibaba", "http://100.100.100.200/latest/meta-data/"),
    Attack("metadata, Oracle", "http://192.0.0.192/latest/"),
    Attack("metadata, Azure", "http://168.63.129.16/machine"),
    Attack("10/8", "http://10.0.0.1/"),
    Attack("172.16/12", "http://172.31.255.254/"),
    Attack("192.168/16", "http://192.168.1.1/"),
    Attack("shared", "http://100.64.0.1/"),
    Attack("benchmarks", "http://198.18.0.1/"),
    Attack("multicast", "http://224.0.0.251/"),
    Attack("broadcast", "http://255.255.255.255/"),
    Attack("kept for later", "http://240.0.0.1/"),
)
NAMES: Final = (
    Attack("localhost", "http://localhost:{P}/", ((INSIDE,),)),
    Attack("localhost in capitals", "http://LocalHost:{P}/", ((INSIDE,),)),
    Attack("localhost with a dot", "http://localhost.:{P}/", ((INSIDE,),)),
    Attack("below localhost", "http://shop.localhost:{P}/", ((INSIDE,),)),
    Attack("a service", "http://valkey:{P}/", ((INSIDE,),)),
    Attack("a service by letters that fold", "http://\u24d5\u24de\u24de:{P}/", ((INSIDE,),)),
    Attack("metadata by name", "http://metadata.google.internal:{P}/", ((OUTSIDE,),)),
    Attack("of a cluster", "http://api.default.svc:{P}/", ((OUTSIDE,),)),
    Attack("of this network", "http://printer.local:{P}/", ((OUTSIDE,),)),
    Attack("leads inside", "http://evil.example:{P}/", ((INSIDE,),)),
    Attack("says inside", "http://127.0.0.66.evil.example:{P}/", ((INSIDE,),)),
    Attack("leads to metadata", "http://evil.example:{P}/", (("169.254.169.254",),)),
    Attack("leads to IPv6 loopback", "http://evil.example:{P}/", (("::1",),)),
    Attack("leads to an IPv4-mapped one", "http://evil.example:{P}/", (("::ffff:127.0.0.66",),)),
    Attack("leads to nobody", "http://evil.example:{P}/", (("0.0.0.0",),)),
    Attack("outside, and inside too", "http://evil.example:{P}/", ((OUTSIDE, INSIDE),)),
    Attack("inside, and outside too", "http://evil.example:{P}/", ((INSIDE, OUTSIDE),)),
    Attack("outside, and inside by IPv6", "http://evil.example:{P}/", ((OUTSIDE, "fd00::1"),)),
    Attack("there is none", "http://nobody.example:{P}/"),
)
SPELLINGS: Final = (
    Attack("user", "http://shop.example@127.0.0.66:{P}/"),
    Attack("user and password", "http://shop.example:80@127.0.0.66:{P}/"),
    Attack("credentials for outside", "http://me:secret@shop.example:{P}/"),
    Attack("two at", "http://a@shop.example:{P}@127.0.0.66:{P}/"),
    Attack("backslash", "http://shop.example:{P}\\@127.0.0.66:{P}/"),
    Attack("backslashes", "http:\\\\127.0.0.66:{P}/"),
    Attack("one slash", "http:/127.0.0.66:{P}/"),
    Attack("three slashes", "http:///127.0.0.66:{P}/"),
    Attack("no slash", "http:127.0.0.66:{P}/"),
    Attack("no scheme", "//127.0.0.66:{P}/"),
    Attack("tab", "http://127.0.\t0.66:{P}/"),
    Attack("line feed", "http://shop.example:{P}/\r\nhost: 127.0.0.66"),
    Attack("space in front", " http://127.0.0.66:{P}/"),
    Attack("space within", "http://shop.example :{P}/"),
    Attack("no-break space", "http://shop.example\u00a0:{P}/"),
    Attack("empty label", "http://shop..example:{P}/"),
    Attack("bracket left open", "http://[::1:{P}/"),
    Attack("too long", "http://shop.example:{P}/" + "x" * 2048),
)
SCHEMES: Final = (
    Attack("file", "file:///etc/passwd"),
    Attack("file with a host", "file://shop.example/etc/passwd"),
    Attack("gopher", "gopher://127.0.0.66:{P}/_INFO"),
    Attack("ftp", "ftp://shop.example/"),
    Attack("dict", "dict://127.0.0.66:{P}/stat"),
    Attack("data", "data:text/plain,x"),
    Attack("javascript", "javascript:alert(1)"),
    Attack("a socket", "http+unix://%2Fvar%2Frun%2Fdocker.sock/info"),
    Attack("WebSocket", "ws://shop.example:{P}/"),
)
PORTS: Final = (
    Attack("Valkey", "http://shop.example:6379/"),
    Attack("PostgreSQL", "http://shop.example:5432/"),
    Attack("SSH", "http://shop.example:22/"),
    Attack("zero", "http://shop.example:0/"),
    Attack("beyond the last", "http://shop.example:65616/"),
    Attack("far beyond", "http://shop.example:4294967376/"),
    Attack("negative", "http://shop.example:-80/"),
    Attack("none behind the colon", "http://shop.example:/"),
    Attack("in other digits", "http://shop.example:\uff18\uff10/"),
)
REDIRECTS: Final = (
    *(Attack(f"{status} inside", to("http://127.0.0.66:{P}/", status)) for status in (301, 302, 303, 307, 308)),
    Attack("a redirect to half an address", to("http://[")),
    Attack("to metadata", to("http://169.254.169.254/latest/")),
    Attack("to a name that leads inside", to("http://evil.example:{P}/"), ((INSIDE,),)),
    Attack("without a scheme", to("//127.0.0.66:{P}/")),
    Attack("backslash", to("/%5c127.0.0.66:{P}/")),
    Attack("decimal", to("http://2130706498:{P}/")),
    Attack("to a file", to("file:///etc/passwd")),
    Attack("to gopher", to("gopher://127.0.0.66:{P}/_x")),
    Attack("to another port", to("http://shop.example:6379/")),
    Attack("with credentials", to("http://a:b@shop.example:{P}/")),
    Attack("for ever", "http://shop.example:{P}/loop"),
    Attack("once too often", "http://shop.example:{P}/hops/4"),
)
REFUSED: Final = (*NUMBERS, *NAMES, *SPELLINGS, *SCHEMES, *PORTS, *REDIRECTS)

UNANSWERED: Final = ("/lie", "/endless", "/packed", "/headers", "/drip", "/silent", "/garbage", "/long/10001")
"""What a server outside may do to us."""


class Honest(NamedTuple):
    """An address that people give, and what comes of it."""

    name: str
    url: str
    body: bytes = b"fine"
    status: int = 200


HONEST: Final = (
    Honest("a page", "http://shop.example:{P}/"),
    Honest("no path", "http://shop.example:{P}"),
    Honest("a path and a query", "http://shop.example:{P}/pictures/a.jpg?size=2&v=1"),
    Honest("a query without a path", "http://shop.example:{P}?a=b"),
    Honest("letters of any alphabet in the path", "http://shop.example:{P}/\u0440\u043e\u043a\u043b\u044f.jpg"),
    Honest("percent", "http://shop.example:{P}/a%20dress.jpg"),
    Honest("an address in a query", "http://shop.example:{P}/?next=http://127.0.0.66/&u=a@b"),
    Honest("capitals", "HTTP://Shop.Example:{P}/"),
    Honest("a fragment", "http://shop.example:{P}/#pictures"),
    Honest("a dot behind", "http://shop.example.:{P}/"),
    Honest("a name of another alphabet", "http://\u043c\u0430\u0433\u0430\u0437\u0438\u043d.example:{P}/"),
    Honest("the same in ASCII", "http://xn--80aairftm.example:{P}/"),
    Honest("a deep name", "http://a.b.c.d.shop.example:{P}/"),
    Honest("digits in a name", "http://127.shop.example:{P}/"),
    Honest("a hyphen and an underscore", "http://my_own-shop.example:{P}/"),
    Honest("localhost within a name", "http://localhost.shop.example:{P}/"),
    Honest("a number outside", "http://127.0.0.10:{P}/"),
    Honest("two numbers, of which one is silent", "http://two.example:{P}/"),
    Honest("a redirect", to("/there")),
    Honest("a redirect to another name", to("http://www.shop.example:{P}/")),
    Honest("a permanent one", to("/there", 308)),
    Honest("as many as may be", "http://shop.example:{P}/hops/3", b"there"),
    Honest("in pieces", "http://shop.example:{P}/chunked", b"onetwo"),
    Honest("as long as may be", "http://shop.example:{P}/long/10000", b"x" * 10_000),
    Honest("not found", "http://shop.example:{P}/missing", b"no", 404),
    Honest("nothing", "http://shop.example:{P}/nothing", b"", 204),
)
OUTSIDE_NAMES: Final = (
    "shop.example", "www.shop.example", "xn--80aairftm.example", "a.b.c.d.shop.example", "127.shop.example",
    "my_own-shop.example", "localhost.shop.example",
)  # fmt: skip
