"""A card from any causal language model, always valid and always within its budget.

A model is only asked for what is free: literals are prefilled, choices are scored by sequence
log-probability, and text is sampled under a mask and closed by force when its share of the budget
is spent. The model never writes structure, so it cannot break it; random weights will do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from llm.listening import hear
from llm.safety import offensive, scrub
from llm.task import Card, Slot, Task, fill_in, finished, values_for
from music.errors import InputError, ModelError

Logits = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

MAX_SCORED: Final = 8  # choices compared in full; of more, those whose first token is likely
MAX_OPTIONS: Final = 128  # integers looked at; of a wider range, that many drawn evenly
MAX_TRIES: Final = 6  # drafts of a text that keeps running into a placeholder without a value
COMFORT: Final = 4  # tokens a name needs, and a quarter of a sentence: a group goes before a stump
SURE_CHARS: Final = 4  # solid characters a token can always be had with
SENTENCE_CHARS: Final = 100  # a text that may be this long is a sentence, a shorter one a name
TOP_K: Final = 64
STRETCH: Final = 4  # tokens in a row over which a model's doubt is taken
_SENTENCE_END: Final = (".", "!", "?", "…", ".”", "!”", "?”", '."', '!"', '?"')


class Causal(Protocol):
    """A causal language model, as far as slots need to know it."""

    context: int  # longest sequence, in tokens

    @property
    def pieces(self) -> Sequence[str | None]:
        """The text of each token; None for one that is no text by itself (see `llm.pieces`)."""
        ...

    def logits(self, ids: Sequence[int], last: int = 1) -> Logits:
        """Next-token logits after each of the last `last` ids, shape (last, n_vocabulary).

        Calls share a prefix most of the time, so an implementation keeps its key-value cache.
        """
        ...


class Script(Protocol):
    """How a card is written down for a model: literals, and what closes a text."""

    barred: str  # characters that would end or break the form

    @property
    def closers(self) -> Mapping[int, str]:
        """Tokens that end a text, each with what it still adds to it (``."`` adds a full stop)."""
        ...

    def start(self, task: Task) -> list[int]:
        """Everything before the first slot."""
        ...

    def before(self, task: Task, slot: Slot) -> list[int]:
        """The literal that opens a slot, with whatever it should keep in mind."""
        ...

    def after(self, slot: Slot) -> list[int]:
        """The literal that closes it."""
        ...

    def encode(self, text: str) -> list[int]:
        """The tokens of a text inside a slot."""
        ...


class Step(NamedTuple):
    """One look at a card in the making."""

    slot: Slot
    value: str | int  # so far, with placeholders
    done: bool
    n_sampled: int  # tokens of the budget used by the whole card so far
    is_lost: bool = False  # the text lost its thread in every draft


class _Said(NamedTuple):
    """A text so far, its tokens, how many of them were sampled, and whether it lost its thread."""

    text: str
    ids: list[int]
    n_sampled: int
    is_lost: bool = False


@dataclass(frozen=True)
class SlotDecoder:
    """Fills tasks with one model.

    Parameters
    ----------
    model, script
        Who writes, and in which form.
    budget
        Most tokens to sample for one card. Literals, choices and integers cost none.
    temperature
        Above 0; low is careful, 1 is the model's own.
    top_p
        Share of probability the sampled tokens come from, in (0, 1].
    sentence_temperature
        For texts of `SENTENCE_CHARS` and more; None: as for all the rest.
    min_p
        A token of a sentence is sampled only if it is at least this likely beside the likeliest
        one, in [0, 1). Where many words would do, that leaves many; inside a phrase, the right one.
    doubt
        A sentence loses its thread where the model doubted more than this over `STRETCH` tokens in
        a row, in nats a token; then it is drafted again, a few times. Infinity: it may doubt.
    """

    model: Causal
    script: Script
    budget: int = 400
    temperature: float = 0.9
    top_p: float = 0.95
    sentence_temperature: float | None = None
    min_p: float = 0.0
    doubt: float = math.inf

    def draft(self, task: Task, seed: int, lost: set[str] | None = None) -> Card:
        """The card with its placeholders still in it.

        Parameters
        ----------
        lost
            Takes the names of the texts that lost their thread in every draft.

        Raises
        ------
        InputError
            If the budget is below one token for each text that must be there.
        """
        card: Card = {}
        for step in self.steps(task, seed):
            if step.slot.kind == "text":
                hear(str(step.value), values_for(task, step.slot))
            if step.done:
                card[step.slot.name] = step.value
            if step.is_lost and lost is not None:
                lost.add(step.slot.name)
        return card

    def fill(self, task: Task, seed: int) -> Card:
        """The card with its placeholders replaced: valid whatever the model does."""
        return finished(task, self.draft(task, seed))

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card word by word, each ended by a line break."""
        shown = ""
        for slot, value, done, *_ in self.steps(task, seed):
            if slot.kind != "text":
                continue
            ready = str(value) if done else str(value).rpartition(" ")[0]
            if len(ready) > len(shown) and ready.startswith(shown):
                yield fill_in(ready[len(shown) :], values_for(task, slot))
                shown = ready
            if done:
                shown = ""
                yield "\n"

    def steps(self, task: Task, seed: int) -> Iterator[Step]:
        """The card in the making: a step for every sampled token, and one when a slot is done."""
        rng = np.random.default_rng(seed)
        start, written = self.script.start(task), list[list[int]]()
        slots = fitting(task.slots, self.budget)
        taken = {value.casefold() for value in task.avoid}
        used = 0
        for i, slot in enumerate(slots):
            share = _share(slots[i:], self.budget - used)
            before = self.script.before(task, slot)
            while written and _length(start, *written, before) + share > self.model.context:
                written.pop(0)  # the oldest slot falls out of the window
            ids = [*start, *(token for part in written for token in part), *before]
            said = _Said("", [], 0)
            if slot.kind == "text":
                for said in self._kept(ids, task, slot, share, taken, rng):
                    yield Step(slot, said.text, False, used + said.n_sampled)
                used += said.n_sampled
                text = _distinct(said.text, task, slot, taken)
                # The tokens as sampled are still in the model's cache; encoding anew may differ.
                tokens = said.ids if text == said.text else self.script.encode(text)
                taken.add(fill_in(text, values_for(task, slot)).casefold())
                value: str | int = text
            else:
                value = self._choice(ids, _options(slot, task.avoid, rng), rng)
                tokens = self.script.encode(value)
                value = int(value) if slot.kind == "integer" else value
            yield Step(slot, value, True, used, said.is_lost)
            written.append([*before, *tokens, *self.script.after(slot)])

    def _kept(
        self,
        ids: list[int],
        task: Task,
        slot: Slot,
        share: int,
        taken: set[str],
        rng: np.random.Generator,
    ) -> Iterator[_Said]:
        """A text; of a model that can lose its thread, the first of a few that keeps it.

        A model that was about to write a placeholder the card has no value for means another
        text; what it writes instead reads "I was not told about .". Without tokens for
        placeholders and without a bound for its doubts there is one draft.
        """
        if not self._alphabet.holes and not self._is_watched(slot):
            yield from self._text(ids, task, slot, share, taken, rng)
            return
        for left in reversed(range(MAX_TRIES)):
            parts = list[_Said]()
            for part in self._text(ids, task, slot, share, taken, rng):
                parts.append(part)
                if part.is_lost and left:
                    break
            if not parts or not parts[-1].is_lost:
                break
        yield from parts

    def _text(
        self,
        ids: list[int],
        task: Task,
        slot: Slot,
        share: int,
        taken: set[str],
        rng: np.random.Generator,
    ) -> Iterator[_Said]:
        """Sample one text token by token; the last value yielded is the whole of it."""
        values = values_for(task, slot)
        letters, base = self._alphabet, self._alphabet.allowed(frozenset(values), bool(slot.fact))
        text, new, spent, is_lost = "", list[int](), 0, False
        doubts = list[float]()
        for n in range(1, share + 1):
            left = share - n + 1
            so_far = fill_in(text.strip(), values)  # a value may be shorter than its placeholder
            missing = slot.min_chars - len(so_far)
            may_close = missing <= 0 and so_far.casefold() not in taken
            if may_close and left <= share // 4 and text.endswith(_SENTENCE_END):
                break  # a sentence ended and little is left: no room for another
            mask = base & letters.fit(text, slot.max_chars, missing - SURE_CHARS * (left - 1))
            mask[letters.closers] &= may_close
            if not mask.any():
                break
            logits = self.model.logits([*ids, *new])[-1]
            wanted = int(np.argmax(logits))
            is_lost |= wanted in letters.hole_ids and not mask[wanted]
            token = self._pick(logits, mask, rng, _is_sentence(slot))
            spent = n
            if self._is_watched(slot) and n > 1:  # how a sentence begins is free
                doubts.append(_surprise(logits, mask, token))
                is_lost |= sum(doubts[-STRETCH:]) > self.doubt * STRETCH
            if token in self.script.closers:
                text += self.script.closers[token]
                yield _Said(text.strip(), new, n, is_lost)
                return
            text, new = text + letters.pieces[token], [*new, token]
            if letters.pieces[token].endswith("<"):  # a spelled placeholder: one that exists
                name = self._choice([*ids, *new], [f"{v}>" for v in sorted(values)], rng)
                text, new = text + name, [*new, *self.script.encode(name)]
            if text.endswith(" ") and offensive(text):
                break
            yield _Said(text, new, n, is_lost)
        whole = _cut(text.strip(), slot)
        yield _Said(whole, new if whole == text else self.script.encode(whole), spent, is_lost)

    def _choice(self, ids: list[int], options: Sequence[str], rng: np.random.Generator) -> str:
        """One of the options, drawn by the probability the model gives the whole of each."""
        if len(options) > MAX_SCORED:
            options = self._likely(ids, options, rng)
        encoded = [self.script.encode(option) for option in options]
        totals = np.empty(len(options))
        for i, tokens in enumerate(encoded):
            logits = _sane(self.model.logits([*ids, *tokens[:-1]], last=len(tokens)))
            top = logits.max(axis=1)
            norm = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
            totals[i] = (logits[np.arange(len(tokens)), tokens] - norm).sum()
        return options[_draw(totals / self.temperature, rng)]

    def _likely(
        self, ids: list[int], options: Sequence[str], rng: np.random.Generator
    ) -> Sequence[str]:
        """Some of many options, drawn without replacement by the probability of how they begin."""
        first = [self.script.encode(option)[0] for option in options]
        scores = _sane(self.model.logits(ids)[-1][first]) / self.temperature
        order = np.argsort(-(scores + rng.gumbel(size=len(scores))), kind="stable")
        return [options[int(k)] for k in np.sort(order[:MAX_SCORED])]

    def _is_watched(self, slot: Slot) -> bool:
        return self.doubt < math.inf and _is_sentence(slot)

    def _pick(self, logits: Logits, mask: Mask, rng: np.random.Generator, in_sentence: bool) -> int:
        allowed = np.where(mask, logits, -np.inf)  # one pass over the vocabulary, one partition
        best = np.argpartition(allowed, -min(TOP_K, len(allowed)))[-TOP_K:]
        ids = np.sort(best[mask[best]])
        if not len(ids):  # infinities of the model's own crowded out what is allowed
            ids = np.flatnonzero(mask)
        scores, temperature = _sane(logits[ids]), self.temperature
        if in_sentence and self.min_p:
            ids = ids[fits := scores >= scores.max() + math.log(self.min_p)]
            scores = scores[fits]
        if in_sentence and self.sentence_temperature:
            temperature = self.sentence_temperature
        return int(ids[_draw(scores / temperature, rng, self.top_p)])

    @cached_property
    def _alphabet(self) -> _Alphabet:
        return _Alphabet.of(self.model.pieces, self.script)


@dataclass(frozen=True)
class _Alphabet:
    """What each token of a vocabulary is as text, as arrays of shape (n_vocabulary,)."""

    pieces: list[str]
    text: Mask  # may stand in any text
    digit: Mask
    spaced: Mask  # begins with a space
    length: npt.NDArray[np.int32]
    solid: npt.NDArray[np.int32]  # characters beside leading and trailing spaces
    closers: npt.NDArray[np.int64]
    openers: npt.NDArray[np.int64]  # "<": a placeholder is about to be spelled
    holes: dict[str, int]  # placeholders that are one token

    @classmethod
    def of(cls, pieces: Sequence[str | None], script: Script) -> _Alphabet:
        texts = [piece or "" for piece in pieces]
        barred = set(script.barred) | {"<", ">"}
        hole = re.compile(r"<([a-z][a-z0-9_]*)>")
        length = np.array([len(piece) for piece in texts], np.int32)
        for token, added in script.closers.items():
            length[token] = len(added)
        return cls(
            pieces=texts,
            text=np.array([_is_text(piece, barred) for piece in texts]),
            digit=np.array([any(c.isdigit() for c in piece) for piece in texts]),
            spaced=np.array([piece.startswith(" ") for piece in texts]),
            length=length,
            solid=np.array([len(piece.strip()) for piece in texts], np.int32),
            closers=np.array(sorted(script.closers), np.int64),
            openers=np.array([i for i, p in enumerate(texts) if p in ("<", " <")], np.int64),
            holes={m.group(1): i for i, p in enumerate(texts) if (m := hole.fullmatch(p))},
        )

    @cached_property
    def hole_ids(self) -> frozenset[int]:
        """The tokens that are placeholders."""
        return frozenset(self.holes.values())

    def allowed(self, names: frozenset[str], has_fact: bool) -> Mask:
        """Text, closers and these placeholders; no digits where a fact has the numbers."""
        mask = self.text & ~self.digit if has_fact else self.text.copy()
        mask[self.closers] = True
        mask[[self.holes[name] for name in names if name in self.holes]] = True
        if names and not self.holes:
            mask[self.openers] = True
        return mask

    def fit(self, text: str, max_chars: int, at_least: int) -> Mask:
        """What may follow `text`: not too long, not two spaces, of `at_least` solid characters.

        A space by itself is none of them, but a model may well need one before a placeholder.
        """
        room = self.length <= max_chars - len(text)
        mask = room & (self.solid >= at_least)
        if not text or text.endswith(" "):
            mask &= ~self.spaced
        if self.openers.size and not self.holes:  # the longest name must still fit
            mask[self.openers] &= max_chars - len(text) > 24
        mask[self.closers] = room[self.closers]
        return mask


def fitting(slots: Sequence[Slot], budget: int) -> list[Slot]:
    """The slots there is room for: groups go, the last one first, until no text is a stump.

    Raises
    ------
    InputError
        If even the texts that must stay cannot have the tokens their `min_chars` need.
    """
    kept = list(slots)
    while sum(map(_comfort, kept)) > budget and (groups := [s.group for s in kept if s.group]):
        kept = [slot for slot in kept if slot.group != groups[-1]]
    if (need := sum(map(_need, kept))) > budget:
        raise InputError(f"this card needs a budget of at least {need} tokens, got {budget}.")
    return kept


def _need(slot: Slot) -> int:
    """Fewest tokens a slot can be filled with."""
    return math.ceil(slot.min_chars / SURE_CHARS) or 1 if slot.kind == "text" else 0


def _comfort(slot: Slot) -> int:
    if slot.kind != "text":
        return 0
    return max(_need(slot), min(slot.max_tokens, max(COMFORT, slot.max_tokens // 4)))


def _share(slots: Sequence[Slot], budget: int) -> int:
    """The first slot's part of the budget: by its size, leaving every later one what it needs.

    What a slot does not use is there for those after it.
    """
    first, later = slots[0], slots[1:]
    if first.kind != "text":
        return 0
    sizes = [slot.max_tokens for slot in slots if slot.kind == "text"]
    fair = budget * first.max_tokens // sum(sizes)
    most = budget - sum(map(_need, later))
    return max(_need(first), min(first.max_tokens, fair, most))


def _options(slot: Slot, avoid: frozenset[str], rng: np.random.Generator) -> list[str]:
    """What a model may choose from, without what is taken."""
    if slot.kind == "integer":
        n = slot.high - slot.low + 1
        picks = rng.choice(n, min(n, MAX_OPTIONS), replace=False)
        return [str(slot.low + int(k)) for k in sorted(picks)]
    taken = {value.casefold() for value in avoid}
    free = [choice for choice in slot.choices if choice.casefold() not in taken]
    free = free or list(slot.choices)
    if not free:
        raise InputError(f"slot {slot.name!r} is a choice of nothing.")
    return free


def _cut(text: str, slot: Slot) -> str:
    """End a text that was closed by force: at a whole word, an unfinished sentence with "…"."""
    if text.endswith(_SENTENCE_END):
        return text
    whole = text.rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    if len(whole) < max(slot.min_chars, len(text) // 2):
        whole = text
    return whole + "…" if _is_sentence(slot) and len(whole) < slot.max_chars else whole


def _is_sentence(slot: Slot) -> bool:
    return slot.max_chars >= SENTENCE_CHARS


def _distinct(text: str, task: Task, slot: Slot, taken: set[str]) -> str:
    """The text without slurs and unlike any taken one, if need be with a number behind it."""
    values = values_for(task, slot)
    text = scrub(text)
    if len(fill_in(text, values)) < slot.min_chars:
        text = "Untitled"[: slot.max_chars].ljust(slot.min_chars, "…")
    for k in range(2, 10_000):
        if fill_in(text, values).casefold() not in taken:
            return text
        bare = re.sub(r" \d+$", "", text)[: slot.max_chars - len(str(k)) - 1]
        text = re.sub(r"<[^>]*$", "", bare).rstrip() + f" {k}"  # no half placeholder
    raise ModelError(f"every value of {slot.name!r} is taken.")


def _is_text(piece: str, barred: set[str]) -> bool:
    shows = piece.isprintable() and not barred.intersection(piece)
    tidy = piece == " " or (not piece.endswith(" ") and "  " not in piece)
    return bool(piece) and shows and tidy


def _draw(scores: npt.NDArray[np.floating], rng: np.random.Generator, top_p: float = 1.0) -> int:
    """An index with probability softmax(scores), from the likeliest that make up `top_p`."""
    order = np.argsort(-scores, kind="stable")
    weights = np.exp(scores[order] - scores[order[0]])
    total = np.cumsum(weights)
    n = int(np.searchsorted(total, top_p * total[-1])) + 1
    return int(order[min(int(np.searchsorted(total[:n], rng.random() * total[n - 1])), n - 1)])


def _surprise(logits: Logits, mask: Mask, token: int) -> float:
    """Minus the log probability of a token among those allowed, in nats."""
    allowed = _sane(logits[mask])
    top = float(allowed.max())
    return top + math.log(float(np.exp(allowed - top).sum())) - float(_sane(logits[[token]])[0])


def _sane(logits: Logits) -> npt.NDArray[np.float64]:
    """Logits without NaN and infinities, so that a broken model is only a bad one."""
    clipped = np.clip(np.nan_to_num(logits, nan=-1e4, posinf=1e4, neginf=-1e4), -1e4, 1e4)
    return clipped.astype(np.float64)


def _length(*parts: Sequence[int]) -> int:
    return sum(map(len, parts))
