"""More facts from playlists: twins, sequels, disclaimers, and what stands beside what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from music.evidence import Evidence
from music.facts.common import beyond, count, date, ids, percent, title_of
from music.profile import Fact, fact_kind

CHEER = ("party", "happy", "summer", "wedding", "fun", "dance", "birthday", "sunshine", "good mood")
MADE = 300  # tracks up to which somebody may have chosen what follows what
_SEQUEL = re.compile(
    r"^(.*?)\W*\b(?:pt|part|vol|volume|chapter)\b\.?\s*(?:\d+|i{2,3}|iv)\W*$", re.I
)
_ASIDE = re.compile(r"\([^()]*[a-z]{2}[^()]*\)", re.IGNORECASE)


@fact_kind("twins")
def twins(evidence: Evidence) -> Iterator[Fact]:
    """Two playlists with mostly the same songs (of the smaller one, at least six in ten)."""
    lists = [(name, frozenset(tracks.index)) for name, tracks in evidence.playlists]
    lists = [one for one in lists if len(one[1]) >= 8]
    best, pair = 0.0, None
    for i, (_, one) in enumerate(lists):
        for j in range(i):
            share = len(one & lists[j][1]) / min(len(one), len(lists[j][1]))
            if share > best:
                best, pair = share, (j, i)
    if pair is None or best < 0.6:
        return
    (first, a), (second, b) = lists[pair[0]], lists[pair[1]]
    if first == second:
        return
    values = {"playlist": first, "other": second, "percent": percent(best), "n": count(len(a & b))}
    yield Fact(
        "twins",
        f"“{first}” and “{second}” share {values['n']} tracks, {values['percent']} % of the "
        "smaller one.",
        values, ids(sorted(a & b)), beyond(best, 0.5, 0.95), best,
    )  # fmt: skip


@fact_kind("lone_track")
def lone_track(evidence: Evidence) -> Iterator[Fact]:
    """A playlist with a single song in it."""
    for name, tracks in evidence.playlists:
        if len(tracks) == 1:
            row = int(evidence.tracks.index.get_indexer(tracks.index)[0])
            values = title_of(evidence, row) | {"playlist": name}
            yield Fact(
                "lone_track", f"“{name}” has one track: “{values['track']}”.", values,
                ids(tracks.index), 0.78, 1.0,
            )  # fmt: skip
            return


@fact_kind("everywhere")
def everywhere(evidence: Evidence) -> Iterator[Fact]:
    """A song that stands on many playlists (two is common)."""
    on = Counter(track for _, tracks in evidence.playlists for track in set(tracks.index))
    if not on:
        return
    track, n = max(on.items(), key=lambda one: (one[1], one[0]))
    if n < 4:
        return
    row = evidence.tracks.index.tolist().index(track)
    values = title_of(evidence, row) | {"n": count(n)}
    yield Fact(
        "everywhere", f"“{values['track']}” is on {n} of your playlists.", values, ids([track]),
        beyond(n, 3, 14), float(n),
    )  # fmt: skip


@fact_kind("sad_party")
def sad_party(evidence: Evidence) -> Iterator[Fact]:
    """A playlist with a cheerful name and a valence below what half of all music has."""
    for name, tracks in evidence.playlists:
        valence = float(tracks["valence"].median())
        cheerful = any(word in name.casefold() for word in CHEER)
        if cheerful and len(tracks) >= 6 and valence < 0.4:
            values = {"playlist": name, "percent": percent(valence)}
            yield Fact(
                "sad_party",
                f"“{name}” has a happiness of {values['percent']} in a hundred.",
                values, ids(tracks.index), beyond(-valence, -0.42, -0.2), valence,
            )  # fmt: skip
            return


@fact_kind("sequels")
def sequels(evidence: Evidence) -> Iterator[Fact]:
    """A playlist that needed a second part."""
    found = [(name, t, _SEQUEL.match(name)) for name, t in evidence.playlists]
    parts = [(name, t, m[1].strip()) for name, t, m in found if m and m[1].strip()]
    if not parts:
        return
    name, tracks, bare = max(parts, key=lambda one: len(one[1]))
    values = {"playlist": name, "first": bare, "n": count(len(tracks))}
    yield Fact(
        "sequels", f"“{bare}” needed another part: “{name}”, {values['n']} tracks.", values,
        ids(tracks.index), beyond(len(parts), 0, 3), float(len(parts)),
    )  # fmt: skip


@fact_kind("disclaimer")
def disclaimer(evidence: Evidence) -> Iterator[Fact]:
    """Playlists that explain themselves in brackets."""
    aside = [(name, t) for name, t in evidence.playlists if _ASIDE.search(name)]
    aside = [(name, t) for name, t in aside if not _SEQUEL.match(name)]
    if len(aside) < 2:
        return
    name, tracks = max(aside, key=lambda one: (len(one[0]), one[0]))
    bracket = str(_ASIDE.search(name)[0])  # type: ignore[index]
    values = {"playlist": name, "n": count(len(aside)), "bracket": bracket}
    yield Fact(
        "disclaimer",
        f"{values['n']} of your playlists explain themselves in brackets, like “{name}”.",
        values, ids(tracks.index), beyond(len(aside), 1, 5), float(len(aside)),
    )  # fmt: skip


@fact_kind("added_spree")
def added_spree(evidence: Evidence) -> Iterator[Fact]:
    """A day on which very many songs were added, though not everything (that is an import)."""
    entries = evidence.library.entries
    dated = entries.dropna(subset="added_at")
    if len(dated) < 100:
        return
    at = dated["added_at"].to_numpy().astype("datetime64[D]")
    days, where, sizes = np.unique(at, return_inverse=True, return_counts=True)
    n = int(sizes.max())
    if n < 25 or n > len(dated) / 2:
        return
    best = int(sizes.argmax())
    rows = dated["track_id"].to_numpy()[where == best]
    values = {"n": count(n), "date": date(int(days[best].astype(np.int64)))}
    yield Fact(
        "added_spree", f"On {values['date']} you added {values['n']} tracks.", values,
        ids(row for row in rows if row in evidence.tracks.index), beyond(n, 30, 200), float(n),
    )  # fmt: skip


@fact_kind("whiplash")
def whiplash(evidence: Evidence) -> Iterator[Fact]:
    """Two neighbours on a playlist as far apart in energy as songs get."""
    best, found = 0.0, None
    for name, tracks in evidence.playlists:
        energy = tracks["energy"].to_numpy(dtype=float)
        if not 5 <= len(energy) <= MADE or np.isnan(energy).all():
            continue
        jumps = np.nan_to_num(np.diff(energy))
        at = int(np.abs(jumps).argmax())
        if abs(jumps[at]) > best:
            best, found = float(abs(jumps[at])), (name, tracks.index[at], tracks.index[at + 1])
    if found is None or best < 0.7:
        return
    name, one, other = found
    order = evidence.tracks.index.tolist()
    values = title_of(evidence, order.index(one)) | {
        "other": title_of(evidence, order.index(other))["track"], "playlist": name,
        "percent": percent(best),
    }  # fmt: skip
    yield Fact(
        "whiplash",
        f"On “{name}”, “{values['other']}” comes right after “{values['track']}”, with "
        f"{values['percent']} % of the energy scale between them.",
        values, ids([one, other]), beyond(best, 0.65, 1.2), best,
    )  # fmt: skip
