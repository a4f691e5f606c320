"""What can be measured about a text: groundedness, specificity, repetition, variety, novelty.

Whether it is funny only people can say (``ghostnotes judge``). The definitions are those of the
tests and of ``benchmarks/words.py``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from llm.task import Card, Slot, Task, values_for

_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_SENTENCE: Final = re.compile(r"(?:[^.!?…]|\.(?=\d))*[.!?…]+[”\"’']?|[^.!?…]+$")
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS: Final = "january february march april may june july august september october november"
_EVERYDAY: Final = (
    "i i'm i'd i've i'll december christmas spotify english god ok tv dj bpm lp ep cd uk us"
)
_COMMON_NAMES: Final = frozenset(f"{_DAYS} {_MONTHS} {_EVERYDAY}".split())


def words(text: str) -> list[str]:
    """The words of a text, casefolded, without punctuation."""
    return [word.casefold() for word in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, stripped."""
    return [s for part in _SENTENCE.findall(text) if (s := part.strip())]


def ungrounded(text: str, task: Task, slot: Slot) -> list[str]:
    """Numbers and names in a text that its facts do not hold; empty = grounded.

    A name is a capitalised word inside a sentence that is no value of a placeholder, no
    placeholder-free word of the fact's own sentence and none of a few everyday words. Words of an
    invented title (a text slot for names, shorter than a sentence) are not looked at: inventing
    is their job.

    >>> from music.profile import Fact
    >>> fact = Fact("one_song", "You played Help 212 times.", {"track": "Help", "n": "212"})
    >>> slot = Slot("line", fact=fact)
    >>> ungrounded("Even Ringo stopped at 3 plays of Help.", Task("roast", (slot,)), slot)
    ['Ringo', '3']
    """
    if slot.fact is None:
        return []
    values = list(values_for(task, slot).values())
    told = " ".join([*values, slot.fact.sentence])
    numbers, known = set(_NUMBER.findall(told)), set(words(told)) | _COMMON_NAMES
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = text.replace(value, " _ ")  # a name is grounded as a whole, whatever is in it
    lies = []
    for sentence in sentences(text):
        for k, match in enumerate(re.finditer(r"\S+", sentence)):
            bare = match.group().strip("\"'“”‘’(),.;:!?…—–-_")
            is_name = k > 0 and bare[:1].isupper() and bare.casefold() not in known
            is_number = bool(_NUMBER.search(bare)) and not set(_NUMBER.findall(bare)) <= numbers
            if is_name or is_number:
                lies.append(bare)
    return lies


def specificity(task: Task, card: Card) -> int:
    """How many different facts of a task the card quotes a value of."""
    quoted = set()
    for slot in task.slots:
        if slot.fact and isinstance(text := card.get(slot.name), str):
            values = [value for value in values_for(task, slot).values() if len(value) > 0]
            if any(value in text for value in values):
                quoted.add(slot.fact.kind)
    return len(quoted)


def distinct_2(texts: Iterable[str]) -> float:
    """Different pairs of neighbouring words over all pairs, in [0, 1]; 1 = nothing said twice."""
    pairs = [pair for text in texts for pair in _grams(words(text), 2)]
    return len(set(pairs)) / max(len(pairs), 1)


def self_bleu_4(texts: Sequence[str]) -> float:
    """How far each text could be put together from the others, in [0, 1]: mean BLEU-4.

    References
    ----------
    Zhu et al. (2018), Texygen: a benchmarking platform for text generation models. SIGIR.
    """
    tokens = [words(text) for text in texts]
    if len(tokens) < 2:
        return 0.0
    best: list[dict[tuple[str, ...], list[int]]] = [{} for _ in range(4)]  # gram -> two top counts
    counts = [[Counter(_grams(text, n)) for n in range(1, 5)] for text in tokens]
    for own in counts:
        for n, counter in enumerate(own):
            for gram, count in counter.items():
                top = best[n].setdefault(gram, [0, 0])
                top[:] = sorted([*top, count])[:0:-1]
    lengths = sorted(map(len, tokens))
    scores = [
        _bleu(own, best, len(text), lengths) for own, text in zip(counts, tokens, strict=True)
    ]
    return sum(scores) / len(scores)


def repeats(text: str, n: int = 6) -> int:
    """How many runs of `n` words stand in a text more than once."""
    return sum(count > 1 for count in Counter(_grams(words(text), n)).values())


def copied_share(text: str, document: str) -> float:
    """The longest run of words a text shares with a document, as a share of the text, in [0, 1]."""
    ours, theirs = words(text), words(document)
    places: dict[str, list[int]] = {}
    for j, word in enumerate(theirs):
        places.setdefault(word, []).append(j)
    best, runs = 0, dict[int, int]()
    for word in ours:
        runs = {j: runs.get(j - 1, 0) + 1 for j in places.get(word, [])}
        best = max(best, *runs.values(), 0) if runs else best
    return best / max(len(ours), 1)


def jaccard(a: str, b: str) -> float:
    """The share of words two texts have in common, in [0, 1]."""
    x, y = set(words(a)), set(words(b))
    return len(x & y) / max(len(x | y), 1)


def edit_distance(a: str, b: str) -> float:
    """Fewest insertions, deletions and replacements from a to b, over the longer one, in [0, 1]."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (x != y))
    return row[-1] / max(len(a), len(b), 1)


def bradley_terry(votes: Mapping[tuple[str, str], int]) -> dict[str, tuple[float, float]]:
    """Strengths from pairwise votes: the log-odds against an average rival, and its standard error.

    Parameters
    ----------
    votes
        ``(winner, loser) -> how often``. Half a vote for each side of every pair that met keeps
        strengths finite.

    References
    ----------
    Bradley and Terry (1952), Rank analysis of incomplete block designs. Biometrika 39.
    """
    names = sorted({name for pair in votes for name in pair})
    wins = {(a, b): votes.get((a, b), 0) + 0.5 for a in names for b in names
            if a != b and (votes.get((a, b), 0) or votes.get((b, a), 0))}  # fmt: skip
    strength = dict.fromkeys(names, 1.0)
    for _ in range(500):
        strength = {
            a: sum(w for (x, _), w in wins.items() if x == a)
            / sum(
                (w + wins[b, a]) / (strength[a] + strength[b])
                for (x, b), w in wins.items()
                if x == a
            )
            for a in names
        }
        middle = math.exp(sum(map(math.log, strength.values())) / len(names))
        strength = {a: s / middle for a, s in strength.items()}
    information = {
        a: sum(
            (w + wins[b, a]) * strength[a] * strength[b] / (strength[a] + strength[b]) ** 2
            for (x, b), w in wins.items()
            if x == a
        )
        for a in names
    }
    return {a: (math.log(strength[a]), 1 / math.sqrt(information[a])) for a in names}


def _grams(tokens: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def _bleu(
    own: list[Counter[tuple[str, ...]]],
    best: list[dict[tuple[str, ...], list[int]]],
    length: int,
    lengths: list[int],
) -> float:
    """BLEU-4 against all other texts; `best` holds the two highest counts of each gram."""
    logs = []
    for n in range(4):
        total = sum(own[n].values())
        hits = 0
        for gram, count in own[n].items():
            first, second = best[n][gram]
            hits += min(count, second if count == first else first)
        logs.append(math.log(max(hits, 1e-9) / max(total, 1)))
    others = [x for x in lengths if x != length] or lengths
    nearest = length if lengths.count(length) > 1 else min(others, key=lambda x: abs(x - length))
    brevity = min(0.0, 1 - nearest / max(length, 1))
    return math.exp(brevity + sum(logs) / 4)
