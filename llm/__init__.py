"""Words: backends, always-valid cards, roasts, genres and bands that do not exist, text to vibe."""
