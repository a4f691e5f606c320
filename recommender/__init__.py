"""Which tracks fit, and why; the map; the facets of a library."""
