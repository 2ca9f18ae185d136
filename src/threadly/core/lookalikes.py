"""What a name looks like, so that nobody is called what only looks like another's name.

The method is the skeleton of Unicode Technical Standard 39, with a part of its table: letters of Cyrillic, Greek,
Armenian, Cherokee and of phonetic alphabets that look like Latin ones, which is what names are imitated with.

Guaranteed: two names that differ in Latin case, in width, in accents, in these letters, in 0 for o or in 1, l and I
have one skeleton. Not guaranteed: that two which look alike have one (`rn` for `m`); that two which have, do.
"""

import re
import unicodedata
from typing import Final

from threadly.core.text import is_plain, normalised

_LOOK_LIKE: Final = {
    "a": "аΑАɑᴀαӒӓ", "b": "ΒВвЬьᏴʙƄ", "c": "Ссᴄ", "d": "ԀԁᏧᴅ", "e": "ЕеΕεҽᴇєЄ", "f": "ϜғҒ", "g": "ɡցԌԍɢ",
    "h": "НнΗһҺհʜ", "i": "ІіΙιıɩӀӏɪ", "j": "ЈјϳᎫᴊ", "k": "КкΚκᴋ", "l": "ʟᏞ", "m": "МмΜᴍ", "n": "Νηոռɴпπ",
    "o": "ОоΟοօσᴏՕ", "p": "РрΡρᴘᏢ", "q": "ԛԚզǫ", "r": "ʀᏒгᴦ", "s": "ЅѕᏚꜱ", "t": "ТтΤτᴛ", "u": "υսʋᴜՍ",
    "v": "νѵѴᴠᏙ", "w": "ԝԜѡωᴡᏔ", "x": "ХхΧχ", "y": "УуΥүҮʏγ", "z": "ΖᴢᏃ",
}  # fmt: skip
_LETTERS: Final = {ord(each): latin for latin, all_like in _LOOK_LIKE.items() for each in all_like}
_SIGNS: Final = str.maketrans("01l|", "oiii")
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\U0001d159\U000e0000-\U000e0fff]"
)
"""Fillers, soft hyphens, tags and selectors: nothing of them is seen, and they make two names that look the same."""
_JOINING: Final = re.compile("(.?)[\u200c\u200d\ufe00-\ufe0f]", re.DOTALL)
_FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_WITHOUT_JOINERS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "HEBREW", "CJK", "SPACE")


def skeleton(name: str) -> str:
    """What a name looks like, in small Latin letters as far as they go; for comparing, never to be shown."""
    wide = unicodedata.normalize("NFKC", normalised(name)).translate(_LETTERS).casefold()
    parts = unicodedata.normalize("NFD", normalised(wide))
    bare = "".join(each for each in parts if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    return bare.translate(_LETTERS).translate(_SIGNS)


def is_name(text: str) -> bool:
    """Whether all of it is seen: `core.text.is_plain`, and no filler, and joiners only where a script has them."""
    rest = _FLAG.sub("", text)  # of England, Scotland, Wales
    return is_plain(text) and not _HIDDEN.search(rest) and all(map(_joins, _JOINING.findall(rest)))


def _joins(before: str) -> bool:
    """Whether a joiner, or a selector, may stand behind this: behind a picture, or a letter that changes by it."""
    return bool(before) and not unicodedata.name(before, "SPACE").startswith(_WITHOUT_JOINERS)


def is_of_one_alphabet(word: str) -> bool:
    """Whether its letters are of one alphabet, where Latin, Cyrillic and Greek are at stake; other scripts may mix."""
    kinds = {unicodedata.name(each, "").partition(" ")[0] for each in word if each.isalpha()}
    return len(kinds & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) <= 1
