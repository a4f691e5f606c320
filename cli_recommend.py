"""What terminals see of the recommender: ``recommend``, ``path``, ``say``, ``learn`` ..."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandas as pd
import typer
from rich.table import Table

import cli_parts
from cli_parts import From, Json, Seed, in_view, out, print_json, text
from music.errors import InputError
from recommender.controls import Filters, Range
from recommender.seeds import Seeds
from recommender.taste import known_in, taste_of, with_feedback
from recommender.wishes import Wishes
from studio import flows, listing, reach, services, taught
from studio.feedback import NOTHING, said_by, say
from studio.listener import Listener
from studio.sentences import sought

if TYPE_CHECKING:  # loads scikit-learn; most commands end without
    from recommender.recommend import Recommendations

Names = list[str] | None
Out = Annotated[Path | None, typer.Option("--out", help="Also write them as CSV.")]


def commands(app: typer.Typer) -> None:
    """Mount everything here on the command line."""
    for name, function in (
        ("recommend", recommend), ("path", path), ("say", say_), ("learn", learn),
        ("evaluate", evaluate),
    ):  # fmt: skip
        cli_parts.command(app, name)(function)


def recommend(
    playlist: Annotated[str | None, typer.Option(help="Continue this playlist (its name).")] = None,
    vibe: Annotated[str | None, typer.Option(help="Near this sentence: 'rainy night'.")] = None,
    track: Annotated[Names, typer.Option(help="More like this one; several times.")] = None,
    less: Annotated[Names, typer.Option(help="Away from this one; several times.")] = None,
    side: Annotated[str | None, typer.Option(help="Near this side of you (its name).")] = None,
    me: Annotated[str | None, typer.Option(help="always or lately: near what you play.")] = None,
    without: Annotated[
        Names, typer.Option(help="With --me: a playlist that says nothing about you.")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, max=500, help="How many.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="Go on behind so many: the next ones.")] = 0,
    varied: Annotated[float, typer.Option(help="0 the best, however alike; 1 all unlike.")] = 0.0,
    novelty: Annotated[float, typer.Option(help="-1 familiar, 0 as it comes, 1 discovery.")] = 0.0,
    mood: Annotated[str | None, typer.Option(help="Lean to this mood: 'calm and sad'.")] = None,
    lean: Annotated[float, typer.Option(help="How far to lean to the mood, 0 to 1.")] = 0.5,
    chance: Annotated[float, typer.Option(help="How much chance mixes in, 0 to 1.")] = 0.0,
    per_artist: Annotated[int | None, typer.Option(min=1, help="At most by one artist.")] = None,
    per_album: Annotated[int | None, typer.Option(min=1, help="At most from one album.")] = None,
    years: Annotated[str, typer.Option(help="1990-1999, 1990- or -1999.")] = "",
    tempo: Annotated[str, typer.Option(help="Beats a minute: 100-130.")] = "",
    minutes: Annotated[str, typer.Option(help="Length of a track: 2-6.")] = "",
    popularity: Annotated[str, typer.Option(help="0 to 100: 20-60.")] = "",
    clean: Annotated[
        bool | None, typer.Option("--clean/--explicit", help="Only clean, or only explicit.")
    ] = None,
    unknown: Annotated[str, typer.Option(help="Where a value is unknown: drop or keep.")] = "drop",
    known_artists: Annotated[
        int | None, typer.Option(min=0, help="None by artists you have more tracks of than this.")
    ] = None,
    known_plays: Annotated[
        int | None, typer.Option(min=0, help="None you played more often than this.")
    ] = None,
    catalogue: Annotated[
        str | None, typer.Option(help="New tracks from this catalogue (its name), none you own.")
    ] = None,
    to: Out = None,
    source: From = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Tracks that fit, and why; without anything to start from, those that fit you most."""
    who = in_view(source)
    seeds = _me(who, me, without or []) if me else flows.seeds_from(
        who, playlist, vibe, track or [], less or [], side
    )  # fmt: skip
    told = said_by(services.ME) if source is None else NOTHING
    leaning = sought(mood, who.genres) if mood else None
    with cli_parts.bar() as progress:
        asked = reach.beyond(who, reach.find(catalogue) if catalogue else None, seeds, progress)
        found = asked.recommender.recommend(
            with_feedback(seeds, told.likes, told.dislikes), n=skip or n, exclude=asked.known,
            seed=seed, per_artist=per_artist, per_album=per_album,
            filters=Filters(
                _span(years), _span(tempo), _span(minutes, 60), _span(popularity),
                None if clean is None else not clean, _rule(unknown),
            ),
            blocked=told.blocked | known_in(who.library, known_plays, known_artists),
            wishes=Wishes(novelty, leaning, lean, chance, varied),
        )  # fmt: skip
    _show(found.more(n) if skip else found, skip, to, as_json)


def path(
    start: Annotated[str, typer.Argument(help="A track: its title, 'artist - title', or its id.")],
    end: Annotated[str, typer.Argument(help="Another one.")],
    n: Annotated[int, typer.Option("-n", min=2, max=100, help="How many tracks.")] = 12,
    to: Out = None,
    source: From = None,
    as_json: Json = False,
) -> None:
    """A playlist that walks from one track to another, each step a little further on."""
    from recommender.path import song_path

    who = in_view(source)
    ends = [flows.find_track(who, name) for name in (start, end)]
    walked = song_path(who.library.tracks, *ends, n)
    _write(walked, to)
    if as_json:
        rows = walked[["name", "artists", "way"]].reset_index()
        print_json(rows.to_dict("records"))
        return
    table = Table("", "track", "artist", "way", box=None, pad_edge=False)
    for rank, row in enumerate(walked.to_dict("records"), 1):
        table.add_row(str(rank), text(row["name"]), text(row["artists"]), f"{row['way']:.0%}")
    out.print(table)


def say_(
    verdict: Annotated[str, typer.Argument(help="like, dislike, block, or nothing (take back).")],
    things: Annotated[list[str], typer.Argument(help="Tracks; with --artist, artists.")],
    artist: Annotated[bool, typer.Option("--artist", help="They are artists, not tracks.")] = False,
    as_json: Json = False,
) -> None:
    """Say what you think of tracks: it is remembered and moves every list from now on."""
    if verdict not in ("like", "dislike", "block", "nothing"):
        raise InputError(f"Say like, dislike, block or nothing, not {verdict!r}.")
    if artist and verdict in ("like", "dislike"):
        raise InputError("An artist can be blocked; like or dislike some of their tracks.")
    who = in_view(None)
    ids = things if artist else [flows.find_track(who, name) for name in things]
    kept: Any = None if verdict == "nothing" else verdict
    say(services.ME, "artist" if artist else "track", ids, kept)
    said = said_by(services.ME)
    counts = {"liked": len(said.likes), "disliked": len(said.dislikes),
              "blocked": len(said.blocked.track_ids) + len(said.blocked.artists)}  # fmt: skip
    if as_json:
        print_json(counts)
    else:
        out.print("Remembered: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ".")


def learn(
    forget: Annotated[bool, typer.Option("--forget", help="Go back to what ships.")] = False,
    as_json: Json = False,
) -> None:
    """Teach the recommender with your playlists; it is remembered until `learn --forget`."""
    who = in_view(None)
    if forget:
        taught.unlearn(who)
    else:
        with cli_parts.bar() as told:
            taught.teach(who, told)
    n = len(who.recommender.catalogue.playlists)
    if as_json:
        print_json({"playlists": n})
    else:
        out.print(f"In use: what {n} of your playlists taught." if n else "In use: what ships.")


def evaluate(source: From = None, as_json: Json = False) -> None:
    """How good the recommender is for you: hide part of your playlists and ask for it back."""
    who = in_view(source)
    found = flows.measure(who)
    if as_json:
        low, high = found.ours.interval()
        figures = found.ours.table().reset_index().to_dict("records")
        told = {"lists": found.kind, "n_lists": found.n_lists, "compared": found.table()}
        print_json(
            {"ndcg100": found.ours.mean(), "interval": [low, high], "figures": figures, **told}
        )
        return
    out.print(f"NDCG@100 from 10 seeds: {found.ours.mean():.2f}.", highlight=False)
    out.print(found.sentence(), highlight=False)
    table = Table("", "NDCG@100", "95 % interval", box=None, pad_edge=False)
    for row in found.table():
        interval = "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"
        table.add_row(str(row["what"]), f"{row['ndcg100']:.3f}", interval)
    out.print(table)


def _show(found: Recommendations, skip: int, to: Path | None, as_json: bool) -> None:
    frame = found.frame()
    _write(frame, to)
    rows = [
        {**row._asdict(), "parts": dict(one.parts)}
        for row, one in zip(frame.itertuples(), found, strict=True)
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("", "track", "artist", "because", box=None, pad_edge=False)
    for rank, row in enumerate(rows, skip + 1):
        table.add_row(str(rank), *(text(row[k], 100) for k in ("name", "artists", "because")))
    out.print(table)


def _write(tracks: pd.DataFrame, to: Path | None) -> None:
    if to is not None:
        flows.write_bytes(to, listing.tracks_csv(tracks).encode())


def _me(who: Listener, when: str, without: Sequence[str]) -> Seeds:
    if when not in ("always", "lately"):
        raise InputError(f"--me is always or lately, not {when!r}.")
    ids = [str(flows.find_playlist(who, name)["playlist_id"]) for name in without]
    return taste_of(who.library, lately=when == "lately", without=ids)


def _span(said: str, unit: float = 1.0) -> Range:
    """A range as people write it: ``1990-1999``, ``1990-``, ``-1999``."""
    if not said:
        return (None, None)
    low, dash, high = said.partition("-")
    try:
        ends = [float(end) * unit if end.strip() else None for end in (low, high if dash else low)]
    except ValueError:
        raise InputError(f"{said!r} is no range; write 1990-1999, 1990- or -1999.") from None
    return (ends[0], ends[1])


def _rule(said: str) -> Literal["drop", "keep"]:
    if said not in ("drop", "keep"):
        raise InputError(f"--unknown is drop or keep, not {said!r}.")
    return "keep" if said == "keep" else "drop"
