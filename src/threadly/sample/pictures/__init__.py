"""Pictures for sample listings, drawn by the program: no photograph, no third-party art, no legible brand.

    looks = [Look("trench-coat", Colour.BEIGE, view=view, seed=7) for view in View]
    for picture in render_many(looks):
        for width, data in picture.files.items():
            store(f"{picture.name}-{width}.webp", data)

`GARMENTS` lists the silhouettes. A believable look takes its fabric from `garment.fabrics` and its print from
`garment.prints`; anything else can be drawn as well. Keep garment, colour, second, print, fabric, cut, variant and
seed the same over the views of one listing, so that they show the same thing; the background may change with the view.

Guaranteed: the same look gives the same bytes with the same libvips, whatever the process and the order.
"""

from threadly.sample.pictures.garments import GARMENTS
from threadly.sample.pictures.look import Background, Colour, Cut, Fabric, Garment, Look, Pose, Print, View
from threadly.sample.pictures.rendering import WIDTHS, Rendered, draw, render, render_many

__all__ = [
    "GARMENTS",
    "WIDTHS",
    "Background",
    "Colour",
    "Cut",
    "Fabric",
    "Garment",
    "Look",
    "Pose",
    "Print",
    "Rendered",
    "View",
    "draw",
    "render",
    "render_many",
]
