"""Heavy libraries are frozen once, and nothing is done again."""

import gc
import importlib

from studio.heap import settle


def test_a_heavy_library_is_frozen_once():
    importlib.import_module("sklearn")
    settle()
    before = gc.get_freeze_count()
    assert before > 0
    assert settle() is False
    assert gc.get_freeze_count() <= before
