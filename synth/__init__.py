"""Sound: config, composition, voices, rendering, analysis, export; numpy and scipy only."""
