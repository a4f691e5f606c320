"""A band that does not exist, playing: its card, and how one is invented from a vibe.

What a listener could check (the vibe, who plays what, the dates) is decided here from the vibe and
the seed; only words come from a backend. So a band sounds like its source whoever wrote the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

import numpy as np

from llm.backends import write
from llm.band_json import VERSION, band_schema, checked, reading
from llm.band_parts import Writer
from llm.band_writing import HOOKS, N_RELATED, N_SONGS, band_conditions, band_slots, overused
from llm.genre import Genre, capital, chance_of, invent_genre, moods_of, real_genres, worlds_for
from llm.lineup import lineup, n_members, single_instrument
from llm.task import Card, Task
from music.errors import InputError
from music.features import NAMES
from music.vibe import Vibe

__all__ = ["Album", "Band", "Member", "Song", "band_from_link", "band_schema", "invent_band"]

TODAY: Final = date(2026, 11, 20)  # dates are told from here, so that a link keeps its card
_NEAR: Final = 0.07  # how far a song's levels lie from its band's, as a standard deviation
_PLAYED: Final = 0.25  # the weight of the leading instrument's word in a song's vibe
_SEAT: Final = 0.01  # less for each further seat: of two that share a role the first is heard


@dataclass(frozen=True)
class Member:
    """Who plays what; the instrument is a word of `music.theory.INSTRUMENTS`."""

    name: str
    instrument: str


@dataclass(frozen=True)
class Song:
    """A title and what it sounds like: a vibe near the band's, with its instruments as words."""

    title: str
    vibe: Vibe


@dataclass(frozen=True)
class Album:
    """A record and the year it came out."""

    title: str
    year: int


@dataclass(frozen=True)
class Band:
    """The card of a band that does not exist.

    Parameters
    ----------
    vibe
        Its source's, unchanged; a model has no say in it.
    tour_date
        The next concert, as ``YYYY-MM-DD``; `next_show` says it for people.
    hooks
        Kinds of fact about the listener that coloured it; see `invent_band`.
    written_by, notes
        Which backend wrote the words, and the fallbacks it announced.
    """

    name: str
    genre: Genre
    vibe: Vibe
    seed: int
    town: str
    founded: int
    members: tuple[Member, ...]
    songs: tuple[Song, ...]
    albums: tuple[Album, ...]
    related: tuple[str, ...]
    label: str
    tour_date: str
    venue: str
    bio: str
    quote: str
    critic: str
    hooks: tuple[str, ...] = ()
    written_by: str = "grammar"
    notes: tuple[str, ...] = ()

    @property
    def next_show(self) -> str:
        """``"Friday 12 March 2027, Net Loft, Saltby"``."""
        day = date.fromisoformat(self.tour_date)
        return f"{day:%A} {day.day} {day:%B %Y}, {self.venue}"

    def link(self) -> str:
        """Seed, hooks and vibe as plain text; `band_from_link` invents the same band again.

        A genre that was not coined from the vibe comes along. Whose vibe it is stays at home: the
        name of a playlist, and the artists in it.
        """
        vibe = self.vibe.bare()
        hooks = [("hook", hook) for hook in self.hooks]
        coined = invent_genre(vibe, self.seed).name == self.genre.name
        genre = [] if coined else [("genre", self.genre.name)]
        return urlencode([("seed", str(self.seed)), *hooks, *genre, ("vibe", vibe.to_text())])

    def to_dict(self) -> dict[str, object]:
        """The card as JSON takes it; its shape is `band_schema`, vibes are in their link form."""
        card: dict[str, object] = {"version": VERSION, "fictional": True}
        for field in ("name", "seed", "town", "founded", "label", "tour_date", "venue", "bio"):
            card[field] = getattr(self, field)
        return card | {
            "genre": {
                "name": self.genre.name,
                "why": self.genre.why,
                "words": list(self.genre.words),
            },
            "vibe": self.vibe.to_text(),
            "members": [{"name": m.name, "instrument": m.instrument} for m in self.members],
            "songs": [{"title": s.title, "vibe": s.vibe.to_text()} for s in self.songs],
            "albums": [{"title": a.title, "year": a.year} for a in self.albums],
            "related": list(self.related),
            "quote": {"text": self.quote, "critic": self.critic},
            "hooks": list(self.hooks),
            "written_by": self.written_by,
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, card: object) -> Band:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            If it is no band card of this version, naming what is wrong.
        """
        with reading():
            c = checked(card)
            genre = c["genre"]
            return cls(
                **{k: c[k] for k in ("name", "seed", "town", "founded", "label", "tour_date",
                                     "venue", "bio", "written_by")},
                genre=Genre(genre["name"], genre["why"], tuple(genre["words"])),
                vibe=Vibe.parse(c["vibe"]),
                members=tuple(Member(m["name"], m["instrument"]) for m in c["members"]),
                songs=tuple(Song(s["title"], Vibe.parse(s["vibe"])) for s in c["songs"]),
                albums=tuple(Album(a["title"], a["year"]) for a in c["albums"]),
                related=tuple(c["related"]),
                quote=c["quote"]["text"],
                critic=c["quote"]["critic"],
                hooks=tuple(c["hooks"]),
                notes=tuple(c["notes"]),
            )  # fmt: skip

    def to_text(self) -> str:
        """The card for a terminal or a text file; it says that the band is fictional."""
        players = "\n".join(f"  {m.name}, {m.instrument}" for m in self.members)
        songs = "\n".join(f"  {k}. {s.title}" for k, s in enumerate(self.songs, 1))
        albums = "\n".join(f"  {a.title} ({a.year})" for a in self.albums)
        return (
            f"{self.name}   (fictional)\n{self.genre.name}, {self.town}, since {self.founded}\n\n"
            f"{self.bio}\n\n{self.genre.why}\n\nMembers\n{players}\n\nTop songs\n{songs}\n\n"
            f"Albums, on {self.label}\n{albums}\n\n“{self.quote}”\n  {self.critic}\n\n"
            f"Next: {self.next_show}\nFor people who like {', '.join(self.related)}"
        )


def invent_band(
    vibe: Vibe,
    seed: int = 0,
    known_artists: Iterable[str] = frozenset(),
    backend: str = "grammar",
    genre: Genre | None = None,
    hooks: Sequence[str] = (),
    today: date = TODAY,
) -> Band:
    """Invent a band that sounds like a vibe.

    Parameters
    ----------
    vibe
        Its source; the band keeps it as it is.
    seed
        The same arguments give the same band.
    known_artists
        Real names that neither the band, nor a related one, nor a member may have.
    backend
        Who writes, as for `llm.backends.write`; fallbacks stand in `Band.notes`.
    genre
        What it plays; coined from the vibe if not given.
    hooks
        Kinds of fact about the listener (``fact.kind``), most unusual first: the first two that
        there is text for colour the biography and two songs. Kinds without text are passed over.
    today
        The concert lies two weeks to eight months after this day; no clock is read.

    Raises
    ------
    InputError
        If there is no such backend.
    """
    chance = chance_of(vibe, seed)
    rng = np.random.default_rng([chance, 1])
    genre = genre or invent_genre(vibe, seed, backend=backend)
    used = tuple(dict.fromkeys(hook for hook in hooks if hook in HOOKS))[:2]
    names = worlds_for(vibe, chance)
    plays = lineup(vibe, names, n_members(vibe, rng), rng)
    town = Writer(names, rng).expand("{town}")
    founded = today.year - 2 - int(rng.integers(38))
    holes = {"genre": genre.name, "town": town, "founded": str(founded)}
    if one := single_instrument(plays):
        holes["instrument"] = one
    slots = band_slots(len(plays), 1 + int(rng.integers(min(4, today.year - founded))), used)
    conditions = band_conditions(names, moods_of(vibe), len(plays))
    task = Task("band", slots, conditions, holes, _taken(known_artists))
    filled = write(task, chance, backend)
    card = _mended(task, filled.card, chance)
    notes = tuple(dict.fromkeys((*genre.notes, *filled.notes)))
    genre = replace(genre, notes=())  # the card holds them once
    return _assembled(
        card, genre, vibe, seed, town, founded, plays, used, today, rng, filled.by, notes
    )


def band_from_link(
    link: str, known_artists: Iterable[str] = frozenset(), backend: str = "grammar"
) -> Band:
    """The band of a link made by `Band.link`.

    Raises
    ------
    InputError
        If the link is not one of ours.
    """
    try:
        pairs = parse_qsl(link, keep_blank_values=True, strict_parsing=True, max_num_fields=6)
        seed = int(dict(pairs)["seed"])
        vibe = dict(pairs)["vibe"]
    except (ValueError, KeyError) as error:
        raise InputError("this link is no band: it needs a seed and a vibe.") from error
    if not 0 <= seed < 2**31:
        raise InputError(f"this link is no band: its seed is {seed}, not from 0 to 2147483647.")
    hooks = [value for key, value in pairs if key == "hook"]
    wanted, typed = Vibe.parse(vibe), dict(pairs).get("genre")
    genre = invent_genre(wanted, seed, typed, backend) if typed else None
    return invent_band(wanted, seed, known_artists, backend, genre, hooks)


def song_vibe(vibe: Vibe, instruments: Sequence[str], rng: np.random.Generator) -> Vibe:
    """A vibe near another, played on these instruments; what was unsaid stays unsaid."""
    steps = rng.normal(0.0, _NEAR, len(NAMES)).clip(-2 * _NEAR, 2 * _NEAR)
    levels = tuple(
        min(max(level + float(step), 0.0), 1.0) if weight > 0 else level
        for level, weight, step in zip(vibe.features, vibe.weights, steps, strict=True)
    )
    words = {word: _PLAYED - _SEAT * k for k, word in enumerate(instruments)} | dict(vibe.words)
    named = Vibe.of({}, words)
    return replace(vibe, features=levels, words=named.words)


def _taken(known_artists: Iterable[str]) -> frozenset[str]:
    """Names that exist, with and without their article."""
    folded = {name.casefold().strip() for name in known_artists}
    return real_genres() | folded | {f"the {name}" for name in folded} | {
        name.removeprefix("the ") for name in folded
    }  # fmt: skip


def _mended(task: Task, card: Card, seed: int) -> Card:
    """The card with what a free model said twice, or too often heard, written by the grammar."""
    kept: Card = {}
    seen: set[str] = set()
    for name, value in card.items():
        folded = str(value).casefold().strip()
        if folded not in seen and not overused(str(value)):
            kept[name] = value
            seen.add(folded)
    missing = tuple(slot for slot in task.slots if slot.name in card and slot.name not in kept)
    if missing:
        rest = replace(task, slots=missing, avoid=task.avoid | seen)
        kept |= write(rest, seed, "grammar").card
    return {name: kept[name] for name in card}


def _assembled(
    card: Card,
    genre: Genre,
    vibe: Vibe,
    seed: int,
    town: str,
    founded: int,
    plays: Sequence[str],
    hooks: tuple[str, ...],
    today: date,
    rng: np.random.Generator,
    by: str,
    notes: tuple[str, ...],
) -> Band:
    """The words of a card and the facts it was written for, together."""
    said = {name: capital(str(value)) for name, value in card.items()}
    members = tuple(
        Member(said[f"member_{k}"], instrument)
        for k, instrument in enumerate(plays, 1)
        if f"member_{k}" in said
    )
    sounding = [member.instrument for member in members]
    titles = [said[f"song_{k}"] for k in range(1, N_SONGS + 1)]
    records = [said[name] for name in said if name.startswith("album_")]
    years = sorted(int(y) for y in rng.choice(
        np.arange(founded, today.year), len(records), replace=False
    ))  # fmt: skip
    concert = today + timedelta(days=14 + int(rng.integers(230)))
    return Band(
        said["name"], genre, vibe, seed, town, founded, members,
        songs=tuple(Song(title, song_vibe(vibe, sounding, rng)) for title in titles),
        albums=tuple(Album(title, year) for title, year in zip(records, years, strict=True)),
        related=tuple(said[f"related_{k}"] for k in range(1, N_RELATED + 1)),
        label=said["label"],
        tour_date=concert.isoformat(),
        venue=said["venue"],
        bio=said["bio"],
        quote=said["quote"],
        critic=said["critic"],
        hooks=hooks,
        written_by=by,
        notes=notes,
    )  # fmt: skip
