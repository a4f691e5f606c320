"""Words: validity whatever the model, groundedness, variety, safety, and what it all costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks import wordcraft, words_models, words_tiny
from benchmarks.listeners import listener
from benchmarks.random_models import random_gpt2, random_llama, slot_and_plain_ms
from benchmarks.table import Row, median_ms, run
from llm.backends import backend, write
from llm.grammar import Grammar, kinds
from llm.lines import INTENSITIES, PERSONAS
from llm.roast import Roast, roast
from llm.safety import offensive
from llm.score import distinct_2, self_bleu_4, sentences, ungrounded
from llm.slots import SlotDecoder
from llm.task import Card, Slot, Task, problems
from llm.tiny import WEIGHTS
from music.profile import Fact, TasteProfile

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
N_CARDS = 10_000 if PROOF else 120
N_PROFILES = 200
N_SPOKEN = {"grammar": 10_000 if PROOF else 1_200, "tiny": 1_000 if PROOF else 60}  # roasts


def rows() -> Iterator[Row]:
    """Every row; without trained weights those of the built-in model are left out."""
    yield from wordcraft.rows()
    has_tiny = (WEIGHTS / "model.safetensors").is_file()
    writers = ["grammar", *(["tiny"] if has_tiny else [])]
    yield from validity()
    for name in writers:
        yield from roasts(name)
        yield from latency(name)
    yield from safety(writers)
    if has_tiny:
        yield from words_tiny.rows()
    yield from repair()
    yield from cost()
    yield from words_models.rows()
    yield from memory()


def validity() -> Iterator[Row]:
    """Cards of real kinds by models that know nothing, at budgets from 60 to 400."""
    examples, numbers = kinds(), count()
    for label, make in (("GPT-2", random_gpt2), ("Llama", random_llama)):
        causal, script = make()
        good = 0
        for _ in range(N_CARDS):
            k = next(numbers)
            name = sorted(examples)[k % len(examples)]
            task = examples[name].examples(np.random.default_rng(k))
            decoder = SlotDecoder(causal, script, (60, 120, 400)[k % 3], temperature=1.0)
            good += not problems(task, decoder.fill(task, k))
        name = f"valid cards, random {label}, budgets 60-400, of {N_CARDS:,}"
        yield Row(name, good / N_CARDS, "share", 1.0, better="more")


def roasts(name: str) -> Iterator[Row]:
    """Roasts of many listeners, measured as a reader would meet them."""
    n = N_PROFILES
    people = [listener(k, hostile=0.0) for k in range(n)]
    made = [roast(person, k, *_tone(k), backend=name) for k, person in enumerate(people)]
    texts = [one.to_text() for one in made]
    grounded = [_grounded(x.text, x.fact) for one in made for x in one.jokes if x.fact]
    facts = [len({x.fact.kind for x in one.jokes if x.fact}) for one in made]
    yield Row(f"{name}: grounded lines", _mean(grounded), "share", 1.0, better="more",
              peer=f"of {len(grounded):,}")  # fmt: skip
    yield Row(f"{name}: roasts on two facts or more", _mean([k >= 2 for k in facts]), "share",
              0.95, better="more", peer=f"of {n}")  # fmt: skip
    if name != "grammar":  # whose variety `wordcraft` measures
        yield Row(f"{name}: distinct-2 over {n} whole roasts", distinct_2(texts), "share", 0.45,
                  better="more", peer="its lines; the verdict is the grammar's")  # fmt: skip
        yield Row(f"{name}: self-BLEU-4 over {n} whole roasts", self_bleu_4(texts), "", 0.55)
    again = [roast(people[k], k, *_tone(k), backend=name).to_text() for k in range(10)]
    same = [a == b for a, b in zip(again, texts, strict=False)]
    yield Row(f"{name}: same seed, same text", _mean(same), "share", 1.0, better="more")
    yield Row(f"{name}: sentences twice in one roast", float(sum(map(_repeated, made))), "", 0,
              peer=f"of {n} roasts")  # fmt: skip


def latency(name: str) -> Iterator[Row]:
    """A warm roast on one core."""
    bound = {"grammar": 5.0, "tiny": 500.0}[name]
    seeds = count()

    def one() -> Roast:
        k = next(seeds)
        return roast(profile(k), k, *_tone(k), backend=name)

    yield Row(f"{name}: roast, warm", median_ms(one, 25, 3), "ms", bound)


def safety(writers: Iterable[str]) -> Iterator[Row]:
    """Slurs in what is written, hostile names in the facts included."""
    for name in writers:
        hits = told = 0
        for k in range(N_SPOKEN[name]):
            lines = roast(profile(k), k, *_tone(k), backend=name).lines
            told += len(lines)
            hits += sum(offensive(line.text) for line in lines)
        yield Row(f"{name}: slurs in {told:,} generated lines", float(hits), "", 0)


class Liar:
    """A free model that lies in every second line."""

    name = "hf:liar"

    def fill(self, task: Task, seed: int) -> Card:
        """The grammar's card with lies in it."""
        card = Grammar().fill(task, seed)
        lies = (" Ringo agrees.", " That is 4711 more.", "", "")
        return {
            slot.name: f"{card[slot.name]}{lies[k % 4]}" if slot.fact else card[slot.name]
            for k, slot in enumerate(task.slots)
        }

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """All of it."""
        yield " ".join(map(str, self.fill(task, seed).values()))


def repair() -> Iterator[Row]:
    """What a lying model's roasts look like after checking."""
    from llm.backends import BACKENDS

    BACKENDS["hf"] = lambda _: Liar()
    backend.cache_clear()
    grounded, before, told = [], [], []
    for k in range(60):
        task = kinds()["roast"].examples(np.random.default_rng(k))
        filled = write(task, k, "hf:liar")
        raw = Liar().fill(task, k)
        for slot in task.slots:
            if slot.fact:
                before.append(not ungrounded(str(raw[slot.name]), task, slot))
                grounded.append(not ungrounded(str(filled.card[slot.name]), task, slot))
        told.append(bool(filled.notes) or all(before[-1:]))
    backend.cache_clear()
    yield Row("a lying model, grounded lines after repair", _mean(grounded), "share", 0.98,
              peer=f"{_mean(before):.2f} before", better="more")  # fmt: skip


def cost() -> Iterator[Row]:
    """What slots add to plain generation, on GPT-2's size and vocabulary."""
    ours, plain = slot_and_plain_ms()
    told = f"{ours:.0f} against {plain:.0f} CPU ms"
    name = "slot decoding on GPT-2 size, a sampled token costs more by"
    yield Row(name, ours / plain - 1, "share", 0.10, peer=told)


def memory() -> Iterator[Row]:
    """Peak memory of a process that does nothing but write one roast."""
    for name in ("grammar", "tiny"):
        code = f"from benchmarks.words import one; one({name!r})"
        if name == "tiny" and not (WEIGHTS / "model.safetensors").is_file():
            continue
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        peak, cold = map(float, done.stdout.split())
        yield Row(f"{name}: peak memory of a process with one roast", peak, "MB")
        yield Row(f"{name}: first roast of a process, model loading included", cold, "s", 1.5)


def one(name: str) -> None:
    """Write one roast in this process; print its peak memory in MB and the seconds it took."""
    start = time.perf_counter()
    roast(profile(0), 0, backend=name)
    # ru_maxrss of a new process begins at its parent's size; VmHWM is its own.
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(x.split()[1]) / 1024 for x in status if x.startswith("VmHWM"))
    print(peak, time.perf_counter() - start)


def profile(seed: int) -> TasteProfile:
    """Somebody's facts: invented names, some of them hostile, and believable numbers."""
    rng = np.random.default_rng([seed, 1])
    facts: dict[str, Fact] = {}
    while len(facts) < 6:
        for slot in kinds()["roast"].examples(rng).slots:
            if slot.fact:
                facts[slot.fact.kind] = _lively(slot.fact, rng)
    return TasteProfile(tuple(facts.values()), 1_000, "somebody", invented=True)


def _lively(fact: Fact, rng: np.random.Generator) -> Fact:
    values = {name: _value(name, rng) for name in fact.values}
    return Fact(fact.kind, " ".join(values.values()), values, unusual=float(rng.uniform(0.5, 1)))


def _value(name: str, rng: np.random.Generator) -> str:
    words = ("Damp", "Velvet", "Ferry", "Lamp", "<script>", "Moth", "$5", "![x](h)", "Tarmac", "Zé")
    if name in ("artist", "track", "playlist", "title", "name", "genre", "other", "album"):
        return " ".join(rng.choice(words, int(rng.integers(1, 4)), replace=False))
    return str(int(rng.integers(2, 400)))


def _tone(k: int) -> tuple[str, str]:
    return INTENSITIES[k % len(INTENSITIES)], sorted(PERSONAS)[k % len(PERSONAS)]


def _grounded(text: str, fact: Fact) -> bool:
    slot = Slot("line", fact=fact)
    return not [
        x for x in ungrounded(text, Task("roast", (slot,)), slot) if any(map(str.isdigit, x))
    ]


def _repeated(made: Roast) -> int:
    told = [s for line in made.lines for s in sentences(line.text)]
    return len(told) - len(set(told))


def _mean(values: list[bool]) -> float:
    return float(np.mean(values)) if values else 1.0


if __name__ == "__main__":
    raise SystemExit(run(rows))
