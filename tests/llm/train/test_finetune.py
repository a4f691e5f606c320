"""Your own text, cleaned with every row accounted for, teaches a model that was random before."""

from __future__ import annotations

import csv
import json
import os

import numpy as np
import pytest

from llm.hf import HuggingFace
from llm.task import Slot, Task, problems
from llm.train.finetune import Plan, finetune, pack
from llm.train.texts import clean, read_texts
from music.errors import InputError, ModelError
from tests.llm.test_hf import save_model

WORDS = [
    "this",
    "record",
    "is",
    "a",
    "slow",
    "river",
    "of",
    "tired",
    "brass",
    "and",
    "good",
    "rain",
]


PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"


def reviews(n=60):
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, 30)) + f" {k}." for k in range(n)]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["id", "review"])
        table.writerows(enumerate(reviews()))
    return path


def test_every_row_is_kept_or_dropped_with_its_reason(tmp_path):
    path = tmp_path / "x.jsonl"
    said = [
        "a text that is long enough, one",
        "A text, that is long enough: ONE!",
        "short",
        "x" * 30_000,
    ]
    rows = [{"body": text, "n": 1} for text in said] + [
        {"body": "<p>another fine text of a kind</p>"}
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    texts = read_texts(path)
    assert texts.n_read == 5
    assert set(texts.training + texts.validation) == {said[0], "another fine text of a kind"}
    assert texts.dropped == {
        "said before": 1,
        "shorter than 20 characters": 1,
        "longer than 20,000 characters": 1,
    }


def test_what_is_held_out_stays_held_out_when_rows_are_added(file):
    before = read_texts(file)
    with file.open("a") as out:
        out.write("999,one more review that was written later\n")
    after = read_texts(file)
    assert set(before.validation) <= set(after.validation)
    assert not set(after.training) & set(after.validation)


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("<script>alert(1)</script>Fine &amp; dandy", "Fine & dandy"),
        ("line<br/>break", "line\nbreak"),
        ("The BeyoncÃ© remix â€” good", "The Beyoncé remix — good"),
        ("nul\x00 and\tbell\x07", "nul and bell"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
    ],
)
def test_text_comes_out_clean(dirty, tidy):
    assert clean(dirty) == tidy


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.csv", b"", "no rows of text"),
        ("x.csv", b"id,review\n1,short\n", "holds 0 usable texts"),
        ("x.jsonl", b"{]\n", "line 1 of x.jsonl is no JSON"),
        ("x.jsonl", b"[1]\n", "line 1 of x.jsonl is no JSON object"),
        ("x.pdf", b"hello", "none of .csv"),
        ("x.txt", b"\x00\x01" * 99, "binary file"),
    ],
)
def test_an_unusable_file_is_one_clear_sentence(tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason.replace(".", r"\.")):
        read_texts(path)


def test_a_missing_column_names_those_there_are(file):
    with pytest.raises(InputError, match="no column 'text'; there are id, review"):
        read_texts(file, "text")


def test_packing_loses_no_token():
    class Tokenizer:
        eos_token_id = 0

        def encode(self, text, add_special_tokens):
            return [int(x) for x in text.split()]

    rows = pack(["1 2 3", "4 5", "6 7 8"], Tokenizer(), 4)
    assert rows == [[1, 2, 3, 0], [4, 5, 0, 6], [6, 7, 8, 0]]
    assert pack(["1 2"], Tokenizer(), 4) == [[1, 2, 0]]


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("lora", [False, True] if PROOF else [False])
@pytest.mark.filterwarnings("ignore")  # peft and the Trainer warn of each other's future
def test_a_random_model_learns_the_text_and_writes_cards(file, tmp_path, lora):
    base, out = save_model(tmp_path / "base"), tmp_path / "out"
    told = []
    plan = Plan(epochs=1, lora=lora, block=64, learning_rate=1e-2)
    outcome = finetune(
        base, file, out, plan, progress=lambda share, line: told.append((share, line))
    )
    assert outcome.n_training + outcome.n_validation == 60
    assert outcome.perplexity_after < outcome.perplexity_before / (1.5 if lora else 5)
    assert told[-1][0] <= 1.0
    assert "eval_loss" in "".join(line for _, line in told)
    assert " ".join(outcome.samples[0].split()) in (out / "SAMPLES.md").read_text()
    task = Task("review", (Slot("line", max_chars=80, max_tokens=12),))
    assert problems(task, HuggingFace(str(out)).fill(task, 0)) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_interrupted_run_goes_on(file, tmp_path):
    base, out = save_model(tmp_path / "base"), tmp_path / "out"

    class Stop(Exception):
        pass

    def stop(share, line):
        if share > 0.5:
            raise Stop

    plan = Plan(epochs=2, block=64, learning_rate=1e-2)
    with pytest.raises(Stop):
        finetune(base, file, out, plan, progress=stop)
    shares = []
    finetune(base, file, out, plan, progress=lambda share, line: shares.append(share))
    assert min(share for share in shares if share) > 0.3


def test_a_subset_is_a_subset(file, tmp_path):
    from llm.train.finetune import _some

    some = _some(read_texts(file), 20)
    assert (len(some.training), len(some.validation)) == (20, 2)
    with pytest.raises(InputError, match="at least one text"):
        _some(read_texts(file), -1)


def test_a_model_that_is_not_there_is_told(file, tmp_path):
    with pytest.raises(ModelError, match="is not on this machine"):
        finetune("nobody/nothing", file, tmp_path / "out")


def test_the_notebook_calls_what_there_is():
    """Every line of the notebook compiles, and names only functions and fields that exist."""
    from importlib.resources import files

    import llm.train.finetune as own
    from llm.train.reviews import Gathered, gather

    cells = json.loads(files("llm.train").joinpath("finetune_gpt2.ipynb").read_text())["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    python = "\n".join(
        line for cell in code for line in cell.splitlines() if not line.startswith(("!", "%"))
    )
    compile(python, "notebook", "exec")
    assert callable(gather)
    assert callable(own.finetune)
    for name in ("by_licence", "dropped"):
        assert name in Gathered.__dataclass_fields__
    for name in ("perplexity_before", "perplexity_after", "folder"):
        assert name in own.Outcome.__dataclass_fields__
