"""Which tracks fit, and why: recommendations with exact reasons, the map, facets, neighbours."""
