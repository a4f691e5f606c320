"""Measured figures, one file per subject: python -m benchmarks.NAME."""
