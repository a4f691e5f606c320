"""The grammar's rows of `benchmarks.words`: variety, truth and agreement of what was authored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from benchmarks.listeners import listener
from benchmarks.table import Row
from library.demo import demo_library
from llm.agreement import contradictions
from llm.band import invent_band
from llm.lines import ANY, INTENSITIES, PERSONAS, Line, lines
from llm.review import WORDS, Review, review
from llm.roast import Roast, RoastLine, roast
from llm.score import distinct_2, self_bleu_4, sentences
from llm.task import fill_in
from music.profile import FACT_KINDS, Fact, TasteProfile, taste_profile
from music.vibe import Vibe

N_LISTENERS = 200
N_CARDS = 1_000
SESSION = 8
BROKEN = (
    r"\b1 (plays|songs|tracks|times|days|hours|minutes|seconds|titles|playlists)\b",
    r"(?<!\.)\.\.(?!\.)|,,|  |\s[.,;:?]",
    r"<(?!script)[a-z_]+>",
    r"(?i)\b(the the|a a|an an|of of|to to)\b",
)


def rows() -> Iterator[Row]:
    """Every row about authored text."""
    people = [listener(k, hostile=0.0) for k in range(N_LISTENERS)]
    odd = [listener(k, hostile=0.1) for k in range(N_LISTENERS)]  # eight odd names, again and again
    yield from supply()
    yield from variety([roast(person, k, *tone(k)) for k, person in enumerate(people)])
    yield from truth(odd, [roast(person, k, *tone(k)) for k, person in enumerate(odd)])
    yield from session()
    yield from friends(people)
    yield from reviews(people)
    yield from cards()


def tone(k: int) -> tuple[str, str]:
    """An intensity and a persona; all fifteen come up."""
    return INTENSITIES[k % len(INTENSITIES)], list(PERSONAS)[k % len(PERSONAS)]


def supply() -> Iterator[Row]:
    """How much was authored."""
    anybody = [sum(not x.persona for x in lines()[kind]) for kind in FACT_KINDS]
    yield Row("authored: kinds of fact", float(len(FACT_KINDS)), "", 60, better="more")
    yield Row("authored: lines for anybody a kind, the fewest", float(min(anybody)), "", 10,
              better="more")  # fmt: skip
    jokes = sum(len(lines()[kind]) for kind in FACT_KINDS)
    yield Row("authored: jokes in all", float(jokes), "", 600, better="more")
    yield Row("authored: lines in all", float(sum(map(len, lines().values()))), "")


def variety(made: Sequence[Roast]) -> Iterator[Row]:
    """Whole roasts, verdict and all, of different listeners."""
    texts = [one.to_text() for one in made]
    jokes = [" ".join(line.text for line in one.jokes) for one in made]
    yield Row(f"grammar: distinct-2 over {len(made)} whole roasts", distinct_2(texts), "share",
              0.45, better="more", peer=f"{distinct_2(jokes):.2f} jokes alone")  # fmt: skip
    yield Row(f"grammar: self-BLEU-4 over {len(made)} whole roasts", self_bleu_4(texts), "", 0.55,
              peer=f"{self_bleu_4(jokes):.2f} jokes alone")  # fmt: skip


def truth(people: Sequence[TasteProfile], made: Sequence[Roast]) -> Iterator[Row]:
    """Sentences against their facts and each other, and lines against what was asked for."""
    told, false, broken = 0, 0, 0
    fits: list[bool] = []
    for k, (person, one) in enumerate(zip(people, made, strict=True)):
        facts = [line.fact for line in one.jokes if line.fact]
        clashes = len(contradictions(facts))
        for line in one.lines:
            said = sentences(line.text)
            told += len(said)
            false += sum(bool(unfounded(s, line, person)) for s in said)
            broken += sum(is_broken(s) for s in said)
        false += clashes
        fits += [agrees(line, *tone(k)) for line in one.jokes]
    yield Row("grammar: sentences that contradict no fact and no other", 1 - false / told, "share",
              0.99, better="more")  # fmt: skip
    yield Row("grammar: sentences without a broken plural, article or stop", 1 - broken / told,
              "share", 0.99, better="more")  # fmt: skip
    yield Row("grammar: jokes of the asked intensity and persona", _mean(fits), "share", 0.98,
              better="more")  # fmt: skip
    kinds = [len({line.fact.kind for line in one.jokes if line.fact}) >= 2 for one in made]
    yield Row("grammar: roasts on two facts or more, whole", _mean(kinds), "share", 0.95,
              better="more")  # fmt: skip


def unfounded(sentence: str, line: RoastLine, person: TasteProfile) -> list[str]:
    """Numbers of a sentence that stand in no fact it is about."""
    about = [line.fact] if line.fact else list(person.facts)
    told = " ".join(v for fact in about for v in fact.values.values())
    known = set(re.findall(r"\d+", f"{told} {person.n_tracks:,}"))
    return [n for n in re.findall(r"\d+", sentence) if n not in known]


def is_broken(sentence: str) -> bool:
    """Whether a sentence shows a seam: a wrong plural, a double stop, an unfilled hole."""
    return any(re.search(pattern, sentence) for pattern in BROKEN)


def agrees(line: RoastLine, intensity: str, persona: str) -> bool:
    """Whether a joke was written for this intensity, and for this persona or anybody."""
    found = line.fact and source(line.text, line.fact)
    return bool(found and found.intensity in (intensity, ANY) and found.persona in ("", persona))


def source(text: str, fact: Fact) -> Line | None:
    """The authored line behind a joke."""
    from llm.roast_lines import in_sentence_case
    from llm.safety import clean_name

    values = {name: clean_name(value) for name, value in fact.values.items()}
    written = {in_sentence_case(fill_in(x.text, values), fact): x for x in lines()[fact.kind]}
    return written.get(text)


def session() -> Iterator[Row]:
    """One listener asks again and again; each persona for itself."""
    twice = told = 0
    for k, persona in enumerate(PERSONAS):
        person, heard = listener(k), list[str]()
        for seed in range(SESSION):
            heard += [x.text for x in roast(person, seed, "tease", persona, avoid=heard).lines]
        said = Counter(s for text in heard for s in sentences(text) if len(s.split()) > 4)
        told += said.total()
        twice += said.total() - len(said)
    name = f"grammar: sentences twice in a session of {SESSION} roasts"
    yield Row(name, float(twice), "", 0, peer=f"of {told:,}")


def friends(people: Sequence[TasteProfile]) -> Iterator[Row]:
    """Two listeners with the same habit, at the seed both see first."""
    same: list[bool] = []
    jokes: dict[str, list[str]] = {}
    for person in people:
        for line in roast(person, 0).jokes:
            if line.fact and (found := source(line.text, line.fact)):
                jokes.setdefault(line.fact.kind, []).append(found.text)
    for told in jokes.values():
        same += [a == b for a, b in combinations(told, 2)]
    yield Row("grammar: two friends with one habit read the same joke", _mean(same), "share", 0.25,
              peer=f"of {len(same):,} pairs, same tone")  # fmt: skip


def reviews(people: Sequence[TasteProfile]) -> Iterator[Row]:
    """Ten reviews of ten listeners, twenty times over."""
    made = [review(person, k) for k, person in enumerate(people)]
    fits = [WORDS[0] <= len(one.to_text().split()) <= WORDS[1] for one in made]
    yield Row("reviews: 120 to 200 words", _mean(fits), "share", 1.0, better="more")
    tens = [made[i : i + 10] for i in range(0, len(made), 10)]
    shared = [_shared(a, b) for ten in tens for a, b in combinations(ten, 2)]
    yield Row("reviews: sentences two of ten have in common", float(np.mean(shared)), "share", 0.05)
    yield from seeds("the demo's library", [taste_profile(demo_library())], 100, 0.05)
    yield from seeds("libraries of twelve facts", people[:20], 10)
    whole = [one.thesis != "" and len(one.facts) == 2 for one in made]
    yield Row("reviews: one thesis, two pieces of evidence", _mean(whole), "share", 0.99,
              better="more")  # fmt: skip


def seeds(
    whose: str, people: Sequence[TasteProfile], n: int, must: float | None = None
) -> Iterator[Row]:
    """Reviews of one library, ten seeds at a time, none told what the others said."""
    made = [review(person, seed) for person in people for seed in range(n)]
    tens = [made[i : i + 10] for i in range(0, len(made), 10)]
    shared = [_shared(a, b) for ten in tens for a, b in combinations(ten, 2)]
    name = f"reviews: sentences two of ten seeds have in common, {whose}"
    yield Row(name, float(np.mean(shared)), "share", must, peer=f"{len(made)} reviews")


def _shared(a: Review, b: Review) -> float:
    """The share of sentences in common; "8.6 out of ten." is a figure, and stands in every one."""
    x, y = ({*sentences(" ".join(one.paragraphs))} - {f"{one.score} out of ten."} for one in (a, b))
    return len(x & y) / max(min(len(x), len(y)), 1)


def cards() -> Iterator[Row]:
    """Names of invented bands."""
    names = [invent_band(Vibe(), seed).name for seed in range(N_CARDS)]
    name = f"bands: different names over {N_CARDS:,} cards"
    yield Row(name, len(set(names)) / len(names), "share", 0.95, better="more")


def _mean(values: Iterable[bool]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else 1.0
