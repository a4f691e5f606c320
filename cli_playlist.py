"""What terminals see of playlists: ``ghostnotes playlist "an hour of calm jazz" --talk``.

`cli.py` mounts `playlist`; it brings the library in view and how errors are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from cli_parts import bar, err, out, print_json, text
from music.chips import chips
from music.errors import InputError
from studio import flows, history, listing, playlists, services
from studio.listener import Listener

if TYPE_CHECKING:
    from llm.playlist import Wish
    from recommender.playlist import Found

HELP = "Say what to change (less upbeat, more 90s, drop the Coldplay, undo), or just Enter to stop."


def run(
    who: Listener,
    sentence: str,
    refine: Sequence[str],
    seed: int,
    *,
    to: Path | None = None,
    talk: bool = False,
    create: bool = False,
    keep: bool = False,
    as_json: bool = False,
) -> None:
    """A sentence becomes a playlist, is talked about, written to a file, made on Spotify."""
    if talk and as_json:
        raise InputError("--talk is for people and --json for programs; choose one.")
    learn(who)
    wish = who.curator.conversation([sentence, *refine])
    found = who.curator.find(wish.spec, seed=seed)
    if talk:
        wish, found = _talk(who, wish, found, seed)
    if to is not None:
        _write(found, to)
    if keep:
        history.keep(services.ME, wish, found, seed=seed)
    link = _create(wish, found) if create else None
    if as_json:
        _print_json(wish, found, link)
        return
    if not talk:
        show(wish, found)
    if link:
        out.print(f"It is on Spotify: {link}", highlight=False)


def learn(who: Listener) -> None:
    """Read titles and artists, once, before the first answer, so that it is the page's answer."""
    if who.library.invented or who.curator.meaning is not None:
        return
    with bar() as tell:
        known = playlists.read_titles(who.curator, tell)
    if not known:
        err.print(playlists.NO_ENCODER, style="dim", highlight=False)


def show(wish: Wish, found: Found) -> None:
    """The rules, the tracks with their reasons, and everything that has to be said."""
    rules = ", ".join(text(chip.text) for chip in chips(wish.spec))
    if rules:
        out.print(f"[bold]{text(wish.spec.name, 80)}[/bold]  {rules}", highlight=False)
    table = Table("", "track", "artist", "because", box=None, pad_edge=False)
    for rank, row in enumerate(_rows(found), 1):
        table.add_row(str(rank), *(text(row[k], 100) for k in ("name", "artists", "because")))
    out.print(table)
    told = [*wish.notes, *found.relaxed, *found.notes]
    if wish.not_understood:
        told.append(f"Not understood: {', '.join(wish.not_understood)}.")
    for note in told:
        err.print(text(note, 300), style="dim")
    out.print(f"{len(found.tracks)} tracks, {found.minutes:.0f} minutes.", highlight=False)


def _talk(who: Listener, wish: Wish, found: Found, seed: int) -> tuple[Wish, Found]:
    """Show the list, take a sentence, show the new one with what changed, until Enter."""
    show(wish, found)
    while said := _sentence():
        before = found
        wish = who.curator.refine(wish, said)
        found = who.curator.find(wish.spec, seed=seed)
        show(wish, found)
        out.print(str(history.change(before.ids, found.ids)), style="dim", highlight=False)
    return wish, found


def _sentence() -> str:
    out.print(HELP, style="dim", highlight=False)
    try:
        return out.input("> ").strip()
    except EOFError:
        return ""


def _write(found: Found, to: Path) -> None:
    as_m3u = to.suffix.casefold() in (".m3u", ".m3u8")
    text_of = listing.tracks_m3u if as_m3u else listing.tracks_csv
    flows.write_bytes(to, text_of(found.tracks).encode())


def _create(wish: Wish, found: Found) -> str:
    """Make the playlist on Spotify; the dry run is said first."""
    from library.saving import plan_playlist
    from studio.terminal_sign_in import visitor

    said = "; ".join(wish.said)
    plan = plan_playlist(wish.spec.name, found.ids, f"Asked for: {said}")
    err.print(text(plan, 300), style="dim", highlight=False)
    who = visitor(lambda url: err.print(f"Sign in here: {url}", highlight=False, soft_wrap=True))
    return services.spotify().save(who, plan).link


def _rows(found: Found) -> Iterable[dict[str, Any]]:
    tracks = found.tracks
    for track_id, name, artists, because in zip(
        found.ids, tracks["name"], tracks["artists"], found.reasons, strict=True
    ):
        yield {"track_id": track_id, "name": name, "artists": artists, "because": because}


def _print_json(wish: Wish, found: Found, link: str | None) -> None:
    document = {
        "understood": {name: getattr(wish.spec, name) for name in wish.spec.limits()},
        "rules": [chip.text for chip in chips(wish.spec)],
        "not_understood": wish.not_understood,
        "notes": [*wish.notes, *found.relaxed, *found.notes],
        "minutes": round(found.minutes, 1),
        "tracks": list(_rows(found)),
    } | ({"link": link} if link else {})
    print_json(document)
