"""Genres that do not exist, coined from a vibe: what it is made of, how it moves, and why the name.

A name is a mark ("becalmed") that the vibe's mood asks for, in front of a head ("capstan") from the
world its words live in; the reason is the mark's own. It is never a genre that exists, nor one
letter away from one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from llm.backends import write
from llm.band_parts import MOODS, Writer, common, with_articles, worlds, worlds_of
from llm.grammar import Kind, register
from llm.lineup import is_wordless
from llm.safety import clean_name, harmless, offensive
from llm.task import Card, Slot, Task
from music.errors import InputError
from music.theory import INSTRUMENTS
from music.vibe import Vibe

__all__ = ["Genre", "fill_genre", "invent_genre", "is_real", "moods_of"]

NEAREST: Final = 0.2  # normalised edit distance up to which a name counts as a real genre's
MAX_NAME: Final = 48
_TRIES: Final = 60
_MOVES: Final = ("tempo", "valence", "energy")
_FAR: Final = 0.16  # how far from the middle a level must be to be worth a word
_FAR_TIMBRE: Final = 0.28  # that most music is a little acoustic is no news
_MOOD_OF: Final = (
    ("tempo", "slow", "fast"),
    ("valence", "sad", "happy"),
    ("energy", "quiet", "loud"),
    ("acousticness", "electronic", "acoustic"),
    ("instrumentalness", "", "instrumental"),
)


@dataclass(frozen=True)
class Genre:
    """A genre that does not exist.

    Parameters
    ----------
    name
        In lower case, as genres are written.
    why
        One sentence that says what it is and why it is called that.
    words
        The vibe words it was made of, heaviest first; may be empty.
    notes
        What did not go as asked, one sentence each: a model that fell back, a service that is down.
    """

    name: str
    why: str
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def invent_genre(
    vibe: Vibe | None = None,
    seed: int = 0,
    typed: str | None = None,
    backend: str = "grammar",
) -> Genre:
    """Coin a genre from a vibe, from nothing, or around a name the user typed.

    Parameters
    ----------
    vibe
        What it should be made of; without one a world is picked by the seed.
    seed
        The same vibe, seed and backend give the same genre.
    typed
        A name to explain; it is kept, unless such a genre exists, and then it gets a mark in front.
    backend
        As for `llm.backends.write`.

    Raises
    ------
    InputError
        If the typed name is empty or not fit to print.
    """
    vibe = vibe or Vibe()
    said = _typed(typed) if typed is not None else None
    if said and not vibe.words:
        vibe = Vibe(vibe.features, vibe.weights, ((said, 1.0),), vibe.origin)
    seed = chance_of(vibe, seed)
    task = genre_task(vibe, seed, said)
    filled = write(task, seed, backend)
    card, notes = filled.card, filled.notes
    name = str(card["name"]).strip().lower()
    if is_real(name) or offensive(name):  # a free model may answer with a genre that exists
        card = write(task, seed, "grammar").card
        notes = (*notes, f"“{name}” exists, so the grammar coined this one.")
        name = str(card["name"])
    return Genre(name, capital(str(card["why"])), words_of(vibe), notes)


def chance_of(vibe: Vibe, seed: int) -> int:
    """A seed that another vibe does not share, so that variation 0 of two vibes differs in all."""
    said = vibe.bare().to_text()  # the same sound from elsewhere is the same band
    digest = hashlib.sha256(f"{seed}|{said}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "little") >> 1


def genre_task(vibe: Vibe, seed: int = 0, typed: str | None = None) -> Task:
    """What a backend is asked for a genre: its name, and why it is called that."""
    names = worlds_for(vibe, seed)
    moods = moods_of(vibe) if any(vibe.weights) else _any_moods(seed)
    holes = {"words": _phrase(vibe, names, seed)}
    if (tempo := vibe.raw().get("tempo")) is not None:
        holes["tempo"] = f"{tempo:.0f} BPM"
    if typed is not None:
        holes["typed"] = typed
    return Task(
        "genre",
        (Slot("name", max_chars=MAX_NAME, max_tokens=14, min_chars=3), Slot("why", max_chars=220)),
        (*names, *moods),
        holes,
    )


def fill_genre(task: Task, rng: np.random.Generator) -> Card:
    """Draft the name and the reason; the conditions are worlds, then moods."""
    names = [c for c in task.conditions if c in worlds()]
    moods = [c for c in task.conditions if c in MOODS] or ["plain"]
    name, gloss = next(_coined(names, moods, rng, task.holes.get("typed")))
    at = " at <tempo>" if "tempo" in task.holes else ""
    patterns = common()["why"]
    why = patterns[int(rng.integers(len(patterns)))]
    for hole, value in (
        ("Words", "<words>"),
        ("words", "<words>"),
        ("at", at),
        ("comma_at", at and "," + at),
        ("gloss", gloss),
    ):
        why = why.replace("{" + hole + "}", value)
    card: Card = {"name": name, "why": Writer(names, rng).expand(why)}
    return {slot.name: card[slot.name] for slot in task.slots}


def _coined(
    names: list[str], moods: list[str], rng: np.random.Generator, typed: str | None
) -> Iterator[tuple[str, str]]:
    """Names with the reason of their mark, none of them real."""
    for _ in range(_TRIES):
        mark, gloss = _mark(names, moods, rng)
        head = "<typed>" if typed is not None else _head(names, rng)
        name = f"{mark} {head}"
        said = name.replace("<typed>", typed or "")
        if typed is not None and not is_real(typed):
            name, said = "<typed>", typed
        repeats = set(mark.split("-")) & set(head.split("-"))
        if not repeats and not is_real(said):
            yield name, gloss


def _mark(names: list[str], moods: list[str], rng: np.random.Generator) -> tuple[str, str]:
    """A mark and its reason: the strongest mood's mostly, from the card's first world mostly."""
    shares = 0.45 ** np.arange(len(moods))
    mood = moods[int(rng.choice(len(moods), p=shares / shares.sum()))]
    own = [part for name in names[:2] for part in worlds()[name].sections.get(mood, ())]
    pool = 3 * own + list(common().get(mood, ()))
    mark, _, gloss = pool[int(rng.integers(len(pool)))].partition("|")
    return mark.strip(), gloss.strip()


def _head(names: list[str], rng: np.random.Generator) -> str:
    """What the name names: of the second world where there are two, so that both are in it."""
    home = names[1] if len(names) > 1 else names[0] if names else None
    pool = worlds()[home].sections["head"] if home else common()["head"]
    if rng.random() < 0.12:
        pool = common()["head"]
    return pool[int(rng.integers(len(pool)))]


def moods_of(vibe: Vibe, most: int = 3) -> tuple[str, ...]:
    """The words for what stands out, strongest first; ``("plain",)`` where nothing does.

    >>> moods_of(Vibe.of({"tempo": 0.95, "valence": 0.1, "energy": 0.5}))
    ('fast', 'sad')
    """
    found = []
    for feature, low, high in _MOOD_OF:
        level = vibe.get(feature)
        far = _FAR if feature in _MOVES else _FAR_TIMBRE
        if level is None or abs(level - 0.5) < far:
            continue
        if feature == "instrumentalness" and not is_wordless(vibe):
            continue
        if word := (high if level > 0.5 else low):
            found.append((-abs(level - 0.5) * (1.0 if feature in _MOVES else 0.5), word))
    return tuple(word for _, word in sorted(found)[:most]) or ("plain",)


def _any_moods(seed: int) -> tuple[str, ...]:
    """Where nothing is said about levels, any mood will do."""
    rng = np.random.default_rng([seed, 11])
    return (MOODS[int(rng.integers(len(MOODS)))],)


def worlds_for(vibe: Vibe, seed: int = 0, most: int = 2) -> tuple[str, ...]:
    """The worlds a vibe lives in, heaviest first; without any word it knows, one by the seed."""
    known = worlds_of(dict(vibe.words))
    strong = [name for name, share in known.items() if share >= 0.2][:most]
    if strong or known:
        return tuple(strong or list(known)[:1])
    fitting = _UNSAID[_side(vibe)]
    return (fitting[int(np.random.default_rng([seed, 7]).integers(len(fitting)))],)


_UNSAID: Final = {  # where a vibe without words may live, by how acoustic and how loud it is
    ("acoustic", "quiet"): ("folk", "quiet", "church", "concert", "jazz"),
    ("acoustic", "loud"): ("brass", "sea", "celtic", "latin", "groove"),
    ("electronic", "quiet"): ("quiet", "rap", "arcade", "bass"),
    ("electronic", "loud"): ("club", "bass", "metal", "punk", "rock"),
    ("any", "any"): (
        "sea", "folk", "brass", "jazz", "rock", "club", "bass", "rap", "quiet", "latin", "courts",
        "groove", "concert", "church", "celtic", "arcade", "punk", "metal",
    ),
}  # fmt: skip


def _side(vibe: Vibe) -> tuple[str, str]:
    acoustic, energy = vibe.get("acousticness"), vibe.get("energy")
    if acoustic is None or energy is None:
        return "any", "any"
    return "acoustic" if acoustic >= 0.5 else "electronic", "loud" if energy >= 0.5 else "quiet"


def words_of(vibe: Vibe, most: int = 3) -> tuple[str, ...]:
    """The heaviest words of a vibe that are no instruments."""
    return tuple(word for word, _ in vibe.words if word not in INSTRUMENTS)[:most]


def _phrase(vibe: Vibe, names: tuple[str, ...], seed: int) -> str:
    """What it is made of, in words: ``"sea shanty and drum and bass"``."""
    words = [harmless(word, 32) for word in words_of(vibe, 2)]
    if [word for word in words if word]:
        return " and ".join(word for word in words if word)
    styles = worlds()[names[0]].sections["styles"]
    return styles[seed % len(styles)]


def _typed(typed: str) -> str:
    name = harmless(typed, MAX_NAME - 16).casefold().strip(" .!?")
    if not name:
        raise InputError("type a genre to explain, such as “harbour techno”.")
    if offensive(name):
        raise InputError("that genre is not fit to print; type another one.")
    return name


def capital(text: str) -> str:
    """The text with a capital first letter, and its articles right."""
    text = with_articles(clean_name(text, 400))
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def real_genres() -> frozenset[str]:
    """The names of 2,973 genres that exist, casefolded."""
    text = files("music.tables").joinpath("genre_names.txt").read_text(encoding="utf-8")
    lines = (line.strip().casefold() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=4096)
def is_real(name: str) -> bool:
    """Whether a genre of that name exists, or one that is nearly spelled like it.

    >>> is_real("drum and bas"), is_real("becalmed capstan")
    (True, False)
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extractOne

    folded = " ".join(name.casefold().replace("-", " ").split())
    near = extractOne(
        folded, _spaced(), scorer=Levenshtein.normalized_distance, score_cutoff=NEAREST
    )
    return near is not None


@lru_cache(maxsize=1)
def _spaced() -> tuple[str, ...]:
    return tuple(sorted(" ".join(name.replace("-", " ").split()) for name in real_genres()))


def genre_examples(rng: np.random.Generator) -> Task:
    """A task as users cause it: one world or two, up to three moods, a tempo or none."""
    known = sorted(worlds())
    names = rng.choice(known, int(rng.integers(1, 3)), replace=False)
    moods = rng.choice(MOODS[:-1], int(rng.integers(1, 4)), replace=False)
    holes = {"words": "X"} | ({"tempo": "120 BPM"} if rng.random() < 0.7 else {})
    blank = genre_task(Vibe())
    return Task("genre", blank.slots, (*map(str, names), *map(str, moods)), holes)


register("genre", Kind(fill_genre, genre_examples, 0.7))
