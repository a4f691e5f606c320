"""The vocabulary every room speaks: features, vibes, tracks, facts, theory, errors.

Imports numpy and pandas and nothing heavier, so that any room, door or notebook can afford it.
"""
