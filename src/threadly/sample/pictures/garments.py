"""Every silhouette the program can draw, by its stable name."""
from threadly.sample.pictures import tops,outerwear,bottoms,dresses,nightwear,children,shoes,bags,accessories
from threadly.sample.pictures.look import Fabric, Garment, Pose, Print
def _all():
    for fam,m,names in (('tops',tops,'t_shirt long_sleeve tank_top camisole polo shirt short_sleeve_shirt blouse sweatshirt hoodie sweater turtleneck cardigan vest_knit crop_top'),('outerwear',outerwear,'blazer waistcoat denim_jacket biker_jacket bomber puffer gilet trench_coat wool_coat parka raincoat kimono'),('dresses',dresses,'mini_dress midi_dress maxi_dress shirt_dress wrap_dress slip_dress evening_gown knit_dress jumpsuit dungarees'),('nightwear',nightwear,'swimsuit bikini swim_shorts pyjamas nightdress bathrobe bra_set boxers tights'),('children',children,'baby_body romper kids_dress kids_dungarees kids_t_shirt kids_coat'),('shoes',shoes,'sneakers high_tops ankle_boots knee_boots loafers lace_ups heels sandals ballet_flats slippers rain_boots kids_shoes'),('bags',bags,'handbag tote backpack crossbody clutch bucket_bag belt_bag weekender wallet'),('accessories',accessories,'belt scarf silk_scarf beanie cap wide_brim_hat gloves sunglasses glasses tie bow_tie socks umbrella hair_clip'),('bottoms',bottoms,'skinny_jeans straight_jeans wide_trousers flared_jeans chinos cargo_trousers joggers leggings shorts sport_shorts mini_skirt midi_skirt pleated_skirt maxi_skirt')):
      for n in names.split():
        f=getattr(m,n)
        fb={'biker_jacket':Fabric.LEATHER,'puffer':Fabric.SYNTHETIC}.get(n,Fabric.DENIM if 'jeans' in n or 'denim' in n else Fabric.KNIT if n in ('sweater','cardigan','turtleneck','vest_knit') else Fabric.LEATHER if fam in('shoes','bags') else Fabric.COTTON)
        n=n.replace('_','-')
        yield n,Garment(n,fam,f,Pose.STANDS if fam in('shoes','bags') else Pose.LIES if fam=='accessories' else Pose.HANGS,fb,frozenset(),frozenset(),(0,260,2.6))
GARMENTS=dict(_all())
