"""The marketplace: slices that speak fashion, not HTTP. Lowest first: catalog, members, media, listings, storefront."""
