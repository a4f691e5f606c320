"""The countable end of a roast: an insult chain, a basic score with its rule, what is overplayed.

What is said about it is authored like the jokes (``lines/verdict.txt``); the links of the chain are
in ``lines/verdict/chain.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from llm.lines import Line, lines
from llm.openings import closed, thing, things
from llm.safety import clean_name
from llm.sections import sections
from llm.task import fill_in
from music.profile import Fact, Tally, TasteProfile

N_LINKS: Final = 3
MAX_LINK: Final = 60  # characters
REST: Final = 0.8  # how often the rest is named
OWN: Final = 0.4  # how often a persona is sure to say a sentence of its own
HIGH, LOW = 60, 25  # percent from and up to which "basic" has words of its own


@dataclass(frozen=True)
class Verdict:
    """What can be counted.

    Parameters
    ----------
    chain
        The insult, hyphenated, without "bad".
    basic
        How basic, in percent, or None where popularity is unknown.
    rule
        How `basic` was counted, in a sentence.
    stuck
        Where the listener is stuck, ``"2006–2009"``, or "".
    too_much, stanned
        The tracks played too much and the artists played or owned most, with their counts.
    told
        All of it as it is said; empty where there is nothing to judge.
    """

    chain: str
    basic: int | None
    rule: str
    stuck: str
    too_much: tuple[Tally, ...] = ()
    stanned: tuple[Tally, ...] = ()
    told: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The verdict in paragraphs: the judgement, then what is overplayed and who is stanned."""
        return list(self.told)


def verdict(
    profile: TasteProfile, facts: Sequence[Fact], rng: np.random.Generator, persona: str = "critic"
) -> Verdict:
    """Judge by the facts that were told, and by the numbers of the whole library."""
    chain = "-".join(_link(fact, rng) for fact in facts[:N_LINKS] if fact.kind in links())
    years = profile.of_kind("stuck_years")
    stuck = f"{years[0].values['from']}–{years[0].values['to']}" if years else ""
    is_told = any(fact.kind == "stuck_years" for fact in facts)  # a joke has said it already
    basic, rule = profile.basic
    values = {
        "chain": chain,
        "basic": "" if basic is None else str(basic),
        "stuck": "" if is_told else stuck,
        "tracks": _listed(profile.too_much, "“{}”"),
        "artists": _listed(profile.stanned, "{}"),
        "this": _rest(facts, rng),
    }
    told = tuple(" ".join(said) for said in _paragraphs(values, basic, persona, rng) if said)
    return Verdict(chain, basic, rule, stuck, profile.too_much, profile.stanned, told)


def _paragraphs(
    values: Mapping[str, str], basic: int | None, persona: str, rng: np.random.Generator
) -> Iterator[list[str]]:
    if not values["chain"]:
        return
    level = _level(basic or 0, bool(values["this"]), rng)
    for parts in (
        (("verdict", "chain"), (level, "basic"), ("stuck", "stuck")),
        (("too_much", "tracks"), ("stanned", "artists")),
    ):
        yield [_say(kind, values, persona, rng) for kind, value in parts if values[value]]


def _level(basic: int, has_rest: bool, rng: np.random.Generator) -> str:
    """Which sentence tells how basic: mostly what the rest is, sometimes how high or low it is."""
    if has_rest and rng.random() < REST:
        return "basic rest"
    return "basic high" if basic >= HIGH else "basic low" if basic <= LOW else "basic"


def _rest(facts: Sequence[Fact], rng: np.random.Generator) -> str:
    """Something that was told, as a thing; "" if nothing can be held up."""
    known = [fact for fact in facts if fact.kind in things()]
    return thing(known[int(rng.integers(len(known)))], rng) if known else ""


def _say(kind: str, values: Mapping[str, str], persona: str, rng: np.random.Generator) -> str:
    """One authored sentence, the persona's own every other time or so."""
    own = [line for line in lines()[kind] if line.persona == persona]
    anybody = [line for line in lines()[kind] if not line.persona]
    options = own if own and persona != "critic" and rng.random() < OWN else [*anybody, *own]
    chosen: Line = options[int(rng.integers(len(options)))]
    return closed(fill_in(chosen.text, values), [values["this"]])


def _listed(tallies: Sequence[Tally], form: str) -> str:
    """``"“Ash” (212 plays), “Elm” (98) and “Oak” (77)"``."""
    names = [
        f"{form.format(clean_name(one.name))} ({one.n:,}{'' if i else f' {one.of}'})"
        for i, one in enumerate(tallies)
    ]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _link(fact: Fact, rng: np.random.Generator) -> str:
    options = links()[fact.kind]
    text = options[int(rng.integers(len(options)))]
    values = {name: clean_name(value) for name, value in fact.values.items()}
    words = re.sub(r"[\W_]+", "-", fill_in(text, values).casefold())
    return words.strip("-")[:MAX_LINK].rstrip("-")


@lru_cache(maxsize=1)
def links() -> dict[str, tuple[str, ...]]:
    """The links of the chain by kind of fact, with placeholders, words set apart by spaces."""
    path = files("llm.lines").joinpath("verdict", "chain.txt")
    return sections(path.read_text(encoding="utf-8"), "verdict/chain.txt")
