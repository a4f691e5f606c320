"""docs/samples.md is what `python -m benchmarks.samples` writes: unedited, and enough of it."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "docs" / "samples.md"


def test_there_are_thirty_roasts_ten_reviews_and_thirty_bands():
    whole = SAMPLES.read_text(encoding="utf-8")
    roasts, rest = whole.split("## Thirty roasts")[1].split("## Ten reviews")
    reviews, bands = rest.split("## Thirty bands")
    assert roasts.count("\n### ") == 30
    assert reviews.count("\n### ") == 10
    assert "There is too little in" not in reviews
    assert bands.count("   (fictional)\n") == 30
