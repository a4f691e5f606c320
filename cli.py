"""What terminals see: ``ghostnotes import FILE``, ``roast``, ``band``, ``play "rainy night"`` ...

Every command works on the library that was imported, on ``--from FILE``, or, if there is neither,
on the invented demo library, and then says so. Exit codes: 0 done, 1 a sentence says what was
wrong, 2 the command line was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

import cli_library
import cli_parts
import cli_playlist
import cli_recommend
import cli_words
from cli_parts import From, Json, Seed, err, in_view, out, print_json, text
from llm.vibes import Understood
from music.errors import InputError
from studio import flows
from studio.settings import settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Explore, laugh at and play your own music library, offline.",
)
cli_library.commands(app)


def command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose errors are sentences."""
    return cli_parts.command(app, name)


@command("map")
def map_(
    to: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("map.html"),
    source: From = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Draw the library as a map into one HTML page that needs no network."""
    from recommender.charts import map_html
    from recommender.map import map_points

    who = in_view(source)
    laid = map_points(who.library.tracks, seed=seed)
    points, named = laid.frame, who.regions(laid)
    groups = {facet.name: facet.track_ids for facet in who.facets}
    page = map_html(who.library.tracks, points, groups, who.library.name, labels=named)
    flows.write_bytes(to, page.encode())
    if as_json:
        print_json({"file": str(to), "tracks": len(points)})
    else:
        out.print(f"{len(points):,} tracks on the map in {to}.", highlight=False)


@command("playlist")
def playlist(
    sentence: Annotated[str, typer.Argument(help="What you want: 'an hour of calm jazz'.")],
    refine: Annotated[
        list[str] | None, typer.Option(help="A follow-up: 'less upbeat'. May come several times.")
    ] = None,
    talk: Annotated[bool, typer.Option("--talk", help="Go on refining, line by line.")] = False,
    create: Annotated[bool, typer.Option("--create", help="Make it on Spotify.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep it with its rules.")] = False,
    to: Annotated[Path | None, typer.Option("--out", help="Write it as .csv or .m3u8.")] = None,
    source: From = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """A sentence becomes a playlist, with the rules it understood and a reason per track."""
    cli_playlist.run(
        in_view(source), sentence, refine or [], seed,
        to=to, talk=talk, create=create, keep=keep, as_json=as_json,
    )  # fmt: skip


@command("roast")
def roast(
    intensity: Annotated[str, typer.Option(help="pat, tease or cook.")] = "tease",
    persona: Annotated[str, typer.Option(help="critic, clerk, parent, sports or wine.")] = "critic",
    backend: Annotated[
        str, typer.Option(help="Who writes: grammar, tiny, hf:MODEL, ollama:MODEL ...")
    ] = "",
    source: From = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """A review of your taste that has read your data."""
    from llm.roast import roast as write_roast

    who = in_view(source)
    written = write_roast(who.profile, seed, intensity, persona, backend or settings().backend)
    for note in written.notes:
        err.print(text(note, 300), style="dim")
    if as_json:
        print_json(written.to_dict())
    else:
        out.print(written.to_text(), markup=False, highlight=False, soft_wrap=False)


@command("band")
def band(
    vibe: Annotated[str | None, typer.Option(help="From this sentence, not your library.")] = None,
    wav: Annotated[Path | None, typer.Option(help="Also write their single as WAV.")] = None,
    source: From = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """The band you deserve: it does not exist, and it can be heard."""
    from llm.band import invent_band

    who = in_view(source)
    if vibe is None:
        found = flows.deserved_band(who, seed)
    else:
        found = invent_band(understood(vibe).vibe, seed, who.artists, settings().backend)
    if wav is not None:
        _, audio = flows.sound_of(found.songs[0].vibe, seed)
        flows.write_bytes(wav, audio.wav())
    if as_json:
        print_json(found.to_dict())
    else:
        out.print(found.to_text(), markup=False, highlight=False)


@command("play")
def play(
    sentence: Annotated[str, typer.Argument(help="What it should sound like.")],
    to: Annotated[Path, typer.Option("--out", help="A .wav, .flac, .ogg or .mp3 file.")] = Path(
        "vibe.wav"
    ),
    seconds: Annotated[
        float | None, typer.Option(help="A piece of this length with an ending, not a loop.")
    ] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Turn a sentence into music: ghostnotes play "rainy egyptian night" --out x.wav."""
    from synth.files import encoded

    config, audio = flows.sound_of(understood(sentence), seed, seconds)
    flows.write_bytes(to, encoded(audio, to.suffix.lstrip(".").casefold() or "wav", config))
    if as_json:
        print_json({"file": str(to), "seconds": audio.duration_s, "config": config.to_dict()})
    else:
        out.print(f"{audio.duration_s:.1f} s of music in {to}.", highlight=False)


def understood(sentence: str) -> Understood:
    """What a sentence means for music; it is said on stderr."""
    if not sentence.strip():
        raise InputError("Say what it should sound like, for example: rainy egyptian night.")
    found = flows.understand(sentence)
    err.print(text(found.summary(), 400), style="dim", markup=False, highlight=False)
    return found


cli_recommend.commands(app)
cli_words.commands(app)

if __name__ == "__main__":
    app()
