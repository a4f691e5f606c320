"""Small figures that were learned once and frozen; each file says how."""
