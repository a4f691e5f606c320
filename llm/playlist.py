"""A sentence as a playlist's specification: rules first, then the lexicon, then the encoder.

Numbers, years, negations, artists and flags are read by rule, because they are facts; genres,
moods, activities and places by the lexicon; the sentence encoder and, last, a language model are
asked only about what is still open. Nothing here knows a track: no title can be invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from llm.lexicon.reading import Match, Reading, read
from llm.playlist_artists import Gazetteer, read_artists, read_unknown_artists
from llm.playlist_draft import Draft, fold
from llm.playlist_numbers import read_bare_count, read_numbers
from llm.playlist_open import Choose, answered, note, questions
from llm.playlist_rules import read_keywords, read_name, read_rules
from llm.playlist_talk import plainly, telling
from llm.playlist_years import read_years
from llm.vibes import Part, blend, part_of
from music.errors import InputError
from music.playlist import PlaylistSpec
from music.vibe import Vibe

MAX_CHARS: Final = 4_000
N_TRACKS: Final = 30

# What is said outright about one level is a limit, not a mood.
LEVELS: Final = {
    "instrumental": ("instrumentalness", 0.72, 1.0), "sung": ("instrumentalness", 0.0, 0.68),
    "acoustic": ("acousticness", 0.55, 1.0), "electronic": ("acousticness", 0.0, 0.5),
    "live": ("liveness", 0.7, 1.0), "spoken": ("speechiness", 0.8, 1.0),
}  # fmt: skip
OPPOSITE: Final = {
    "instrumental": "sung", "sung": "instrumental", "acoustic": "electronic",
    "electronic": "acoustic",
}  # fmt: skip
_FRENCH_SONGS: Final = r"\bchansons\b(?! francaise)"  # songs, not the genre
_SLOT: Final = {"genres": "genres", "moods": "moods", "activities": "activities"}


@dataclass(frozen=True)
class Wish:
    """What was understood of a sentence, and of the follow-ups after it.

    Parameters
    ----------
    spec
        The playlist that is asked for.
    parts
        What was understood: the words, the slot or concept, and a sentence for the listener.
    not_understood
        Words that mean nothing here, in order.
    notes
        What was left out or changed, and why; never silent.
    said
        The sentences so far, oldest first.
    before
        The wish before the last follow-up, for undo.
    """

    spec: PlaylistSpec
    parts: tuple[Part, ...] = ()
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    before: Wish | None = None


def playlist_from_text(
    text: str,
    artists: Gazetteer | Iterable[str] = (),
    today: date | None = None,
    choose: Choose | None = None,
) -> Wish:
    """Understand a wish for a playlist.

    Parameters
    ----------
    text
        Up to 4,000 characters, in English, German, French or Spanish.
    artists
        The artists of the library, important ones first; a `Gazetteer` where many texts are read.
    today
        What "the last five years" counts from; the system's date if not given.
    choose
        Asked about slots that rules and lexicon leave open, see `llm.playlist_open.chooser`.

    Raises
    ------
    InputError
        If there is no text, or too much.

    Examples
    --------
    >>> wish = playlist_from_text("20 sad waltzes from the 60s, no more than 2 per artist")
    >>> wish.spec.n_tracks, wish.spec.years, wish.spec.genres, wish.spec.moods
    (20, (1960, 1969), ('waltz',), ('sad',))
    """
    check(text)
    draft = start(text, artists, today or date.today())
    reading = read(draft.text, scenes=False)
    spec, unknown = _spec(draft, reading, text, choose)
    return Wish(
        spec=spec,
        parts=tuple(draft.parts),
        not_understood=unknown,
        notes=tuple(draft.notes),
        said=(text,),
    )


def start(text: str, artists: Gazetteer | Iterable[str], today: date) -> Draft:
    """A draft with everything read that rules can read."""
    draft = Draft(plainly(fold(text)), text, today.year)
    read_name(draft)
    read_keywords(draft)
    read_artists(draft, artists if isinstance(artists, Gazetteer) else Gazetteer(artists))
    read_unknown_artists(draft)
    read_numbers(draft)
    read_rules(draft)
    read_years(draft)
    read_bare_count(draft)
    for _ in draft.take(_FRENCH_SONGS):
        pass
    return draft


def sort_matches(draft: Draft, matches: Iterable[Match]) -> list[Match]:
    """Fill genres, moods, activities and themes from what the lexicon read; returns what sounds."""
    sounding = []
    for match in matches:
        concept, refused = match.concept, match.refused
        if concept.name in LEVELS:
            _level(draft, match)
        else:
            slot = _SLOT.get(concept.theme, "themes")
            if refused:
                slot = f"not_{slot}" if slot != "activities" else "not_themes"
            _put(draft, slot, concept.name, match)
        sounding.append(match)
    return sounding


def check(text: str) -> None:
    """Refuse no text and too much text, each with a sentence."""
    if not text.strip():
        raise InputError("Say what the playlist is for: a mood, a genre, an artist, an occasion.")
    if len(text) > MAX_CHARS:
        raise InputError(
            f"A wish fits in {MAX_CHARS:,} characters; this text has {len(text):,}. "
            "Say it in a sentence or two."
        )


def _spec(
    draft: Draft, reading: Reading, text: str, choose: Choose | None
) -> tuple[PlaylistSpec, tuple[str, ...]]:
    """The specification of a first sentence, and the words that stay unknown."""
    sounding = sort_matches(draft, reading.matches)
    more, unknown = ask_open(draft, reading, choose)
    origin = " ".join(text.split())[:80]
    vibe, _ = blend([*sounding, *more], f"“{origin}”")
    draft.slots["text"] = telling(text, draft.parts)
    return spec_of(draft.slots, vibe), unknown


def ask_open(
    draft: Draft, reading: Reading, choose: Choose | None
) -> tuple[list[Match], tuple[str, ...]]:
    """What a model makes of the open slots, and the words that stay unknown after that."""
    if choose is None or not reading.unknown:
        return [], reading.unknown
    taken = [slot for slot in ("genres", "activities") if draft.slots.get(slot)]
    found: list[Match] = []
    unknown = list(reading.unknown)
    for question in questions(draft.text, unknown, taken):
        choice = choose(question)
        if choice is None:
            continue
        found += sort_matches(draft, [answered(question, choice)])
        draft.notes.append(note(question, choice))
        unknown = [word for word in unknown if word not in question.said.split()]
    return found, tuple(unknown)


def spec_of(slots: dict[str, Any], vibe: Vibe) -> PlaylistSpec:
    """The specification of what a draft holds."""
    slots = dict(slots)
    if "minutes" in slots:
        slots.setdefault("n_tracks", None)
    if len(slots.get("artists_only", ())) and "per_artist" not in slots:
        slots["per_artist"] = None  # all by one artist is what was asked for
    slots.setdefault("name", _name(slots))
    return PlaylistSpec(vibe=vibe, **slots)


def _name(slots: dict[str, Any]) -> str:
    """A plain name from what was understood: "sad waltz, 1960-1969"."""
    words = [*slots.get("moods", ())[:2], *slots.get("genres", ())[:2]]
    words += (
        [] if len(words) > 2 else [*slots.get("activities", ())[:1], *slots.get("themes", ())[:1]]
    )
    words += slots.get("artists_only", ())[:2] or [
        f"like {a}" for a in slots.get("artists_like", ())[:1]
    ]
    return " ".join(words)[:80].strip().capitalize() or "Ghostnotes"


def _level(draft: Draft, match: Match) -> None:
    name = match.concept.name
    feature, low, high = LEVELS[name]
    if match.refused:
        low, high = LEVELS[OPPOSITE[name]][1:] if name in OPPOSITE else (0.0, low)
    held = draft.slots.get("levels", ())
    if any(f == feature and (low > b or high < a) for f, a, b in held):
        draft.notes.append(f"“{match.said}” contradicts what came before; I kept that.")
        return
    draft.add("levels", (feature, low, high), match.said, match.concept.because, match.refused)


def _put(draft: Draft, slot: str, name: str, match: Match) -> None:
    held = draft.slots.setdefault(slot, ())
    if name not in held:
        draft.slots[slot] = (*held, name)
    draft.parts.append(part_of(match))
