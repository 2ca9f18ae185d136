"""The pictures of a sample shop: those of its things, by their look, and those of its members."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from threadly.core import ids
from threadly.marketplace.media import Store
from threadly.sample import avatars, gallery, looks
from threadly.sample.avatars import Avatar
from threadly.sample.chance import digest
from threadly.sample.gallery import Drawing, Drawn
from threadly.sample.looks import Outfit
from threadly.sample.people import Person, plain
from threadly.sample.pictures import Look, render_many
from threadly.sample.progress import OnProgress, Progress, Step
from threadly.sample.stock import Stock

DRAWN_BEFORE: Final = timedelta(days=400)
"""How long before the youngest listing all pictures were made: before the oldest, so that ids tell no nonsense."""

_FEW: Final = 8  # pictures that are drawn faster than processes start


@dataclass(frozen=True, slots=True)
class Shop:
    """Which sample shop: all that decides its rows and pictures."""

    listings: int
    seed: int
    currency: str
    until: datetime
    """No listing is younger."""
    stock: Stock

    def outfits(self) -> tuple[Outfit, ...]:
        """The looks that its listings share."""
        return looks.pool(self.stock.wares, self.listings, self.seed)


@dataclass(frozen=True, slots=True)
class Exhibition:
    """What was drawn, each with its id."""

    looks: Mapping[Look, tuple[UUID, Drawn]]
    avatars: Mapping[Avatar, tuple[UUID, Drawn]]

    def rows(self) -> dict[UUID, Drawn]:
        """Each once, by id: two looks that were drawn alike are one picture."""
        return dict([*self.looks.values(), *self.avatars.values()])


async def exhibit(shop: Shop, members: Sequence[Person], store: Store, told: OnProgress) -> Exhibition:
    """All pictures of the shop, of which those that the store lacks are drawn into it."""
    things = list(dict.fromkeys(look for outfit in shop.outfits() for look in outfit.pictures))
    faces = [avatar for avatar in map(avatar_of, members) if avatar is not None]
    total = len(things) + len(faces)

    def draw(missing: Sequence[object]) -> Iterable[Drawing]:
        return render_many(cast("Sequence[Look]", missing), processes=1 if len(missing) <= _FEW else None)

    def paint(missing: Sequence[object]) -> Iterable[Drawing]:
        return avatars.paint(cast("Sequence[Avatar]", missing))

    def tell(ready: int) -> None:
        told(Progress(Step.PICTURES, ready, total))

    painted = await gallery.fill(store, faces, paint, tell)
    drawn = await gallery.fill(store, things, draw, lambda ready: tell(len(faces) + ready))
    return hung(shop, dict(zip(things, drawn, strict=True)), dict(zip(faces, painted, strict=True)))


def hung(shop: Shop, things: Mapping[Look, Drawn], faces: Mapping[Avatar, Drawn]) -> Exhibition:
    """What was drawn, with ids that follow from the pictures' names."""
    milliseconds = int((shop.until - DRAWN_BEFORE).timestamp() * 1000)

    def numbered(picture: Drawn) -> tuple[UUID, Drawn]:
        return ids.at(milliseconds, randomness=digest(74, "picture", picture.name)), picture

    return Exhibition(
        looks={look: numbered(picture) for look, picture in things.items()},
        avatars={face: numbered(picture) for face, picture in faces.items()},
    )


def avatar_of(person: Person) -> Avatar | None:
    """What stands for a member, unless they have none."""
    if not person.has_avatar:
        return None
    initials = "".join(plain(name)[:1] for name in person.display_name.split()[:2])
    return Avatar(initials=initials.upper(), seed=digest(16, person.username))
