"""What a browser calls itself, in words that its owner recognises."""

from typing import Final

from threadly.core.words import words

# In this order: each of these calls itself by the names of those below it as well.
_BROWSERS: Final = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 40
UNKNOWN: Final = words("A device without a name")


def device(user_agent: str) -> str:
    """`Firefox · Linux`; for programs, what they begin with. A hint: anything may call itself anything."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    if browser and system:
        return f"{browser} · {system}"
    return browser or system or user_agent.partition(" ")[0][:_LONGEST] or UNKNOWN
