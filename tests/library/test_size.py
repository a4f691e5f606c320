"""Ten years of plays and a catalogue of a million tracks fit in little time and memory.

In full under ``GHOSTNOTES_PROOF=1``, with a tenth and less otherwise; the limits stay.
"""

import os

import pytest

from benchmarks.library import N_CATALOGUE, N_PLAYS, catalogue, plays

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"


@pytest.mark.proof
def test_ten_years_of_plays(tmp_path):
    n = N_PLAYS if PROOF else N_PLAYS // 25
    rows = list(plays(tmp_path, n))
    assert rows[0].name == f"import {n:,} plays"
    assert [row.name for row in rows if not row.meets(row.must) and row.unit != "plays/s"] == []


@pytest.mark.proof
def test_a_catalogue_of_a_million_tracks(tmp_path):
    n = N_CATALOGUE if PROOF else N_CATALOGUE // 100
    rows = list(catalogue(tmp_path, n))
    assert rows[0].name == f"index a catalogue of {n:,} tracks"
    assert [row.name for row in rows if not row.meets(row.must)] == []
