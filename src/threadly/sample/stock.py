"""What the sample shop deals in: its leaves, makers and names, read from the files beside this module."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Ware(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf: what hangs there."""

    garments: tuple[str, ...]
    price: int
    """In euros: a high-street piece in very good condition."""
    share: int
    """How often it is offered, compared with other leaves."""
    nouns: tuple[str, ...] = ()
    """What things are called here, where that is not what they are called elsewhere."""
    brands: str = ""
    """The line of makers."""


class Garment(msgspec.Struct, frozen=True):
    """How people speak of a thing."""

    nouns: tuple[str, ...]
    measures: str
    kind: str
    """Clothes, shoes, bags, accessories, jewellery, home or beauty."""


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """How dear a maker is."""

    name: str
    factor: float
    """What it does to a leaf's price."""
    share: int
    makers: Mapping[str, tuple[str, ...]]
    """By line."""


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """The whole assortment."""

    wares: Mapping[str, Ware]
    """By the path of the leaf."""
    garments: Mapping[str, Garment]
    tiers: tuple[Tier, ...]
    """Dearest first."""
    classics: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By maker and garment."""


@cache
def stock() -> Stock:
    """The assortment that Threadly comes with."""
    offered, labels = read("assortment"), read("labels")
    classics = labels.pop("classics")
    return Stock(
        wares={path: _ware(path, entry, offered["lines"]) for path, entry in offered["leaves"].items()},
        garments={
            name: Garment(nouns=tuple(nouns), measures=measures, kind=kind)
            for kind, things in read("wording/garments").items()
            for name, (nouns, measures) in things.items()
        },
        tiers=tuple(_tier(name, entry) for name, entry in labels.items()),
        classics={maker: {garment: tuple(names) for garment, names in own.items()} for maker, own in classics.items()},
    )


def read(name: str) -> dict[str, Any]:
    """One of the files, by its path without its ending."""
    return tomllib.loads((files("threadly.sample") / f"{name}.toml").read_text(encoding="utf-8"))


def _ware(path: str, entry: dict[str, Any], lines: Mapping[str, str]) -> Ware:
    line = max((start for start in lines if path.startswith(f"{start}/")), key=len)
    return msgspec.convert({"brands": lines[line]} | entry, Ware)


def _tier(name: str, entry: dict[str, Any]) -> Tier:
    makers: dict[str, list[str]] = {}
    for lines, names in entry["makers"]:
        for line in lines.split():
            makers.setdefault(line, []).extend(names)
    once = {line: tuple(dict.fromkeys(names)) for line, names in makers.items()}
    return Tier(name=name, factor=entry["factor"], share=entry["share"], makers=once)
