"""An owner's own site: a folder of files that gives a shop its name, its look, its pages, its catalogue and its words.

    site.toml        name, tagline, address, currency, country, languages, colours, pages
    logo.svg|.png    instead of the name in the header; favicon.svg in the browser's tab
    pages/*.md       terms, privacy, imprint, contact, or any other
    catalogue/*.toml in the place of ours of the same name
    translations/    <language>.po: words of one's own, and for one's own categories
    sample.toml      which of the sample data hangs where, for a catalogue of one's own

Guaranteed: nothing outside of the folder is read, whatever links lead there; nothing is larger than it may be; what is
wrong is told all at once, each by its file and place.
"""

from threadly.site_folder.colours import Colours, Palette, contrast
from threadly.site_folder.folder import Folder
from threadly.site_folder.own_site import SETTINGS, Image, OwnSite, own, read
from threadly.site_folder.pages import WrittenPage, heading, shipped_pages

__all__ = [
    "SETTINGS",
    "Colours",
    "Folder",
    "Image",
    "OwnSite",
    "Palette",
    "WrittenPage",
    "contrast",
    "heading",
    "own",
    "read",
    "shipped_pages",
]
