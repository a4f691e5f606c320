"""Tables the synth has learned from its own sound."""
