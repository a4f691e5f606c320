"""Unedited samples of all that is written: ``python -m benchmarks.samples`` makes docs/samples.md.

Fixed seeds, the demo's library only (itself invented), nothing chosen and nothing mended by hand.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from library.demo import demo_library
from llm.lines import INTENSITIES, PERSONAS
from llm.review import review
from llm.roast import one_liner, roast
from music.profile import TasteProfile, playlist_profile, taste_profile, track_profile
from music.tracks import Library
from studio.flows import deserved_band
from studio.listener import Listener

OUT = Path(__file__).parent.parent / "docs" / "samples.md"
N_ROASTS, N_REVIEWS, N_BANDS = 30, 10, 30
HEAD = """# Samples

Unedited, made by `python -m benchmarks.samples`: fixed seeds, the demo's library only. Ebba, her
songs, the bands and everybody in them are invented. Written by the grammar, and the
critic's roasts once more by the built-in model.
"""


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    out.write_text("\n".join(sample_lines()) + "\n", encoding="utf-8")
    print(f"{out} has {N_ROASTS} roasts, {N_REVIEWS} reviews and {N_BANDS} bands.")
    return 0


def sample_lines() -> Iterator[str]:
    """The file, line by line."""
    library = demo_library()
    listener = Listener(library, key="demo")
    yield HEAD
    yield from _openings(listener.profile)
    yield from _roasts(library)
    yield from _reviews(library)
    yield "\n## Thirty bands\n"
    yield "Each is the band the library deserves for what Home says at that seed.\n"
    for seed in range(N_BANDS):
        band = deserved_band(listener, seed)
        yield f"### {band.name}\n\n```text\n{band.to_text()}\n```\n"


def _openings(profile: TasteProfile) -> Iterator[str]:
    yield "## The first twenty lines of Home\n"
    yield from (f"{seed}. {one_liner(profile, seed).text}" for seed in range(20))


def _roasts(library: Library) -> Iterator[str]:
    """Twenty of the library, six of playlists, four of single tracks; every tone comes up."""
    whole = taste_profile(library)
    lists = library.playlists["playlist_id"].head(6)
    tracks = library.tracks.index[:: max(1, len(library.tracks) // 4)][:4]
    profiles = [whole] * (N_ROASTS - len(lists) - len(tracks))
    profiles += [playlist_profile(library, one) for one in lists]
    profiles += [track_profile(library, one) for one in tracks]
    yield "\n## Thirty roasts\n"
    for seed, profile in enumerate(profiles):
        intensity = INTENSITIES[seed // 2 % len(INTENSITIES)]
        persona = list(PERSONAS)[seed % len(PERSONAS)]
        title = f"### {seed}: {PERSONAS[persona].casefold()}, {intensity}, about {profile.name}"
        yield f"{title}\n\n{roast(profile, seed, intensity, persona).to_text()}\n"
        if persona == "critic":
            by_model = roast(profile, seed, intensity, persona, "tiny")
            yield f"#### The same, by the built-in model\n\n{by_model.to_text()}\n"


def _reviews(library: Library) -> Iterator[str]:
    """Six of the library, four of playlists."""
    whole = taste_profile(library)
    lists = library.playlists.head(N_REVIEWS - 6)
    subjects = [(whole, "this library")] * 6
    subjects += [
        (playlist_profile(library, one), f"“{name}”")
        for one, name in zip(lists["playlist_id"], lists["name"], strict=True)
    ]
    yield "\n## Ten reviews\n"
    yield "As read one after the other: what was said is not said again.\n"
    heard: list[str] = []
    for seed, (profile, what) in enumerate(subjects):
        written = review(profile, seed, what, avoid=heard).to_text()
        heard.append(written)
        title, *paragraphs = written.split("\n\n")
        yield f"### {title}\n"
        yield from (f"{paragraph}\n" for paragraph in paragraphs)


if __name__ == "__main__":
    raise SystemExit(main())
