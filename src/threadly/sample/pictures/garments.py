"""Every silhouette the program can draw, by its stable name."""
from collections.abc import Callable, Mapping
from types import MappingProxyType
from threadly.sample.pictures import tops
from threadly.sample.pictures.look import Fabric, Garment, Pose, Print
from threadly.sample.pictures.sheet import Sheet
def _all():
    for f in (tops.t_shirt,tops.long_sleeve,tops.tank_top,tops.camisole,tops.polo,tops.shirt,tops.short_sleeve_shirt,tops.blouse,tops.sweatshirt,tops.hoodie,tops.sweater,tops.turtleneck,tops.cardigan,tops.vest_knit,tops.crop_top):
        knit=f in (tops.sweater,tops.turtleneck,tops.cardigan,tops.vest_knit)
        n=f.__name__.replace('_','-')
        yield n,Garment(n,'tops',f,Pose.HANGS,Fabric.KNIT if knit else Fabric.COTTON,frozenset(),frozenset(),(0,260,2.6))
GARMENTS=dict(_all())
