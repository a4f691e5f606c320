"""Sentences to playlists, measured: what is understood, what is found, and what it costs."""

from __future__ import annotations

import ast
import importlib.util
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.playlist_adapter import answer
from benchmarks.playlist_labels import labels, lines, slots
from benchmarks.table import Row, run, times_ms
from library.spotify import SEARCH
from library.spotify_search import queries
from llm import semantic
from llm.playlist import Wish, playlist_from_text
from llm.playlist_artists import Gazetteer
from llm.playlist_open import encoder_choice
from llm.vibes import vibe_from_text
from music.playlist import PlaylistSpec
from music.theory import style_for
from music.tracks import JOIN, as_tracks, canonical_song
from recommender.lookup import Lookup
from recommender.playlist import Found
from recommender.wanted import limits
from studio.curator import Curator, curator_of, for_all

TODAY = date(2026, 11, 20)
# Lists of sentences, and how much the words have seen of them.
LATER: Final = {
    "unseen.txt": "written without a look at the words",
    "blind.txt": "written before the scenes",
    "visitors.txt": "of a writer who knew the styles only",
    "evaluator.txt": "of another, and nobody read its misses",
    "latest.txt": "whose total chose the mix",
    "heldout.txt": "whose total chose the mix",
}
HALVES = ("tuned", "only scored")
OPEN = ("music for beekeeping", "songs for brewing kombucha", "some vaporgoth songs",
        "half an hour of calm music for assembling furniture")  # fmt: skip
N_WISHED = 26_000


def rows() -> Iterator[Row]:
    """Every row; the real tables are named by ``GHOSTNOTES_DATA``."""
    yield from styles()
    yield from understanding()
    if data := os.environ.get("GHOSTNOTES_DATA"):
        yield from conversations(Path(data))
        yield from finding(Path(data))
    else:
        print("GHOSTNOTES_DATA is not set: the rows on real tables are left out.")


def styles() -> Iterator[Row]:
    """Share of sentences whose heaviest style is an accepted one."""
    for name, guess, must in (("lexicon", None, 0.80), ("with MiniLM", semantic.guess, 0.90)):
        if guess and not semantic.available():
            print("The extra `semantic` is not installed: its rows are left out.")
            continue
        for half, label in enumerate(HALVES):
            right = [_style(row, guess) for row in lines("styles.txt")[half::2]]
            share = float(np.mean(right))
            yield Row(f"style right, {name}, {label} half", share, "", must, better="more")
        for written, known in LATER.items():
            right = [_style(row, guess) for row in lines(written)]
            label = f"style right, {name}, {len(right)} sentences {known}"
            yield Row(label, float(np.mean(right)), "", better="more")


def understanding() -> Iterator[Row]:
    """Slot F1 over the labelled prompts, and the time a prompt takes."""
    artists = Gazetteer(lines("artists.txt"))
    prompts = lines("prompts.txt")
    for half, label in enumerate(HALVES):
        yield Row(f"slot F1, {label} half", _f1(prompts[half::2], artists), "", 0.92, better="more")
    fresh = lines("prompts_fresh.txt")
    yield Row(f"slot F1, {len(fresh)} later wishes", _f1(fresh, artists), "", 0.92, better="more")
    texts = [line.rpartition("|")[0].strip() for line in prompts]
    took = [times_ms(lambda t=t: playlist_from_text(t, artists, TODAY), 1)[0] for t in texts]
    yield Row("understand a prompt, p50", float(np.median(took)), "ms", 50)
    yield Row("understand a prompt, p99", float(np.quantile(took, 0.99)), "ms", 50)
    if not semantic.available():
        print("The extra `semantic` is not installed: open slots are left out.")
        return
    playlist_from_text(OPEN[0], artists, TODAY, encoder_choice)  # loads the encoder
    took = [times_ms(lambda t=t: playlist_from_text(t, artists, TODAY, encoder_choice), 1)[0]
            for t in OPEN]  # fmt: skip
    yield Row("the same with the built-in model asked, most", max(took), "ms", 1_000)
    told = [playlist_from_text(t, artists, TODAY, encoder_choice).notes for t in OPEN]
    yield Row("open slots filled without a word", sum(not notes for notes in told), "", 0)


def _f1(prompts: Sequence[str], artists: Gazetteer) -> float:
    hit = wrong = missed = 0
    for line in prompts:
        text, _, wanted = line.rpartition("|")
        got = slots(playlist_from_text(text.strip(), artists, TODAY).spec)
        want = labels(wanted)
        hit += len(got & want)
        wrong += len(got - want)
        missed += len(want - got)
    return 2 * hit / (2 * hit + wrong + missed)


def conversations(data: Path) -> Iterator[Row]:
    """Real conversations, by the shared evaluation through the function a page uses."""
    tool = data.parent / "tools" / "eval_conversations.py"
    if not tool.exists():
        print(f"No {tool.name} beside the tables: the conversations are left out.")
        return
    spec = importlib.util.spec_from_file_location("eval_conversations", tool)
    assert spec is not None  # noqa: S101  the file is there
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = data / "cpcd_dialogs_dev.jsonl.gz"
    ours, words = module.evaluate(answer, path), module.evaluate(module.tfidf, path)
    for key, must, aim in (
        ("hit10", 0.44, 0.55),
        ("hit100", 0.72, 0.82),
        ("recall100", 0.32, 0.42),
    ):
        peer = f"word overlap {words[key]:.2f}"
        yield Row(f"conversations, {key}", ours[key], "", must, aim, peer, better="more")
    yield Row("conversations, faulty ids", ours["faulty"], "", 0)
    yield Row("conversations, a turn, p50", ours["ms_p50"], "ms")


def finding(data: Path) -> Iterator[Row]:
    """Every labelled prompt over two real catalogues, through the curator that pages ask."""
    texts = [line.rpartition("|")[0].strip() for line in lines("prompts.txt")]
    for name, tracks in (("tt", _tt(data)), ("pp", _pp(data))):
        curator = curator_of(tracks, today=TODAY)
        done = [_ask(text, curator) for text in texts]
        yield Row(f"{name}: exclusions violated", sum(_violated(w, f) for w, f, _ in done), "", 0)
        yield Row(f"{name}: songs twice", sum(_twice(f) for _, f, _ in done), "", 0)
        yield Row(f"{name}: silent fallbacks", sum(_silent(w, f) for w, f, _ in done), "", 0)
        named = [(w, f) for w, f, _ in done if w.spec.genres and f.ids]
        if tracks["genres"].notna().any():
            rate = np.mean([Lookup(f.tracks).of_genre(w.spec.genres).mean() for w, f in named])
            yield Row(f"{name}: genre hit rate", float(rate), "", better="more")
    wide = pd.concat([tracks] * 3)[:N_WISHED]
    wide.index = pd.Index([f"t{k}" for k in range(len(wide))], name="track_id")
    curator = curator_of(wide, today=TODAY)
    curator.finder.find(PlaylistSpec())  # what is worked out once per catalogue
    took = [_ask(text, curator)[2] for text in texts[:60]]
    yield Row(f"sentence to playlist, {len(wide):,} tracks, p50", float(np.median(took)), "ms", 300)
    yield Row("the same, p95", float(np.quantile(took, 0.95)), "ms")
    before = replace(curator.calls)
    again = [_ask(text, curator)[2] for text in texts[:60]]
    yield Row("the same prompts again, p50", float(np.median(again)), "ms")
    yield Row("parses worked out again", curator.calls.parses - before.parses, "", 0)
    yield Row("lists worked out again", curator.calls.finds - before.finds, "", 0)
    print(f"Calls for 60 prompts asked twice: {curator.calls}.")
    yield from _searches(texts, curator)


def _searches(texts: Sequence[str], curator: Curator) -> Iterator[Row]:
    """What the prompts would cost at Spotify, where somebody is connected."""
    sizes = [len(queries(curator.wish(text).spec, TODAY.year)) for text in texts]
    yield Row("Spotify searches a playlist, most", max(sizes), "calls", 30)
    yield Row("Spotify searches a playlist, mean", float(np.mean(sizes)), "calls")
    yield Row("results a search asks for", SEARCH, "", 10)


def _ask(text: str, curator: Curator) -> tuple[Wish, Found, float]:
    start = time.perf_counter()
    wish = curator.wish(text)
    spec = for_all(wish.spec)
    found = curator.find(spec)
    return replace(wish, spec=spec), found, 1e3 * (time.perf_counter() - start)


def _violated(wish: Wish, found: Found) -> int:
    tracks, spec = found.tracks, wish.spec
    if not len(tracks):
        return 0
    table = Lookup(tracks)
    bad = table.of_genre(spec.not_genres) if spec.not_genres else np.zeros(len(tracks), bool)
    bad = bad | (table.by(spec.artists_not) if spec.artists_not else False)
    for low, high in spec.not_eras:
        bad = bad | tracks["year"].between(low, high).to_numpy()
    if spec.explicit is False:
        bad = bad | tracks["explicit"].fillna(False).to_numpy(dtype=bool)
    return int(bad.sum())


def _twice(found: Found) -> int:
    return int(canonical_song(found.tracks).duplicated().sum()) if len(found.tracks) else 0


def _silent(wish: Wish, found: Found) -> int:
    """Whether a track came that breaks a rule although nothing was said about it."""
    if found.relaxed or found.notes or not len(found.tracks):
        return 0
    rules = [rule for rule in limits(wish.spec, Lookup(found.tracks)) if rule.known.any()]
    return int(any(not rule.keeps.all() for rule in rules))


def _style(row: str, guess: object) -> bool:
    text, accepted = (part.strip() for part in row.split("|"))
    vibe = vibe_from_text(text, guess=guess).vibe  # type: ignore[arg-type]
    return next(iter(style_for(dict(vibe.words))), None) in accepted.split(", ")


def _tt(data: Path) -> pd.DataFrame:
    frame = pd.read_csv(data / "tt_playlists_dev.csv.gz").drop_duplicates("track_id")
    frame = frame.rename(
        columns={"track_name": "name", "track_artist": "artists", "track_album_name": "album",
                 "track_popularity": "popularity"}
    )  # fmt: skip
    frame["year"] = frame["track_album_release_date"].str[:4].astype(float)
    return _raw(frame)


def _pp(data: Path) -> pd.DataFrame:
    frame = pd.read_csv(data / "pp_playlists_dev.csv.gz").drop_duplicates("id")
    frame = frame.rename(
        columns={"id": "track_id", "Track Name": "name", "Artist Name": "artists",
                 "Popularity": "popularity"}
    )  # fmt: skip
    frame["genres"] = [JOIN.join(ast.literal_eval(cell)) for cell in frame["Genres"].fillna("[]")]
    return _raw(frame)


def _raw(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename(columns={"loudness": "loudness_db", "tempo": "tempo_bpm"})
    frame["duration_s"] = frame["duration_ms"] / 1000
    return as_tracks(frame, "evaluation")


if __name__ == "__main__":
    raise SystemExit(run(rows))
