"""A model taught on sentences with settings reads the sentence, and what it sets is valid."""

from __future__ import annotations

import json

import pytest

from llm.settings import settings_task
from llm.task import problems
from llm.tiny import Tiny
from llm.train.desk import RECIPE, desk_documents, train_desk
from llm.train.loop import Recipe
from music.errors import InputError

FIELDS = {"metre": ("3/4", "4/4"), "scale": ("major", "minor")}
SMALL = Recipe(tokens=250_000, width=64, n_layer=2, n_head=2, vocabulary=400, documents=0)


def row(wish, metre, scale, tempo_bpm):
    card = {"why": f"It is a {wish}.", "metre": metre, "scale": scale, "tempo_bpm": tempo_bpm}
    return json.dumps({"text": f"A prompt.\n{json.dumps(card)}", "wish": wish, "distance": "0.1"})


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    file = tmp_path_factory.mktemp("desk") / "desk.jsonl"
    pairs = [row(f"{mood} waltz", "3/4", "major", 170) for mood in ("sad", "fast", "plain")]
    pairs += [row(f"{mood} march", "4/4", "minor", 110) for mood in ("sad", "fast", "plain")]
    file.write_text("\n".join(pairs * 6))
    return file


def test_it_reads_the_sentence(corpus, tmp_path):
    assert train_desk(corpus, tmp_path, recipe=SMALL) == 36
    tiny = Tiny(tmp_path, temperature=0.2)
    for seed in range(4):
        for wish, metre, scale in (("sad waltz", "3/4", "major"), ("fast march", "4/4", "minor")):
            task = settings_task(wish, FIELDS, ())
            card = tiny.fill(task, seed)
            assert problems(task, card) == []
            assert (card["metre"], card["scale"]) == (metre, scale)


def test_the_shipped_shape_has_the_built_in_models_size():
    same = ("width", "n_layer", "n_head", "context")
    assert [getattr(RECIPE, name) for name in same] == [getattr(Recipe(), name) for name in same]


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "holds 0 sentences"), ("x", "line 1 of"), ('{"wish": "a", "text": "no card"}', "line 1")],
)
def test_what_is_no_such_corpus_is_told_with_its_line(tmp_path, text, told):
    file = tmp_path / "none.jsonl"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        desk_documents(file)
    with pytest.raises(InputError, match="cannot be read"):
        desk_documents(tmp_path / "missing.jsonl")
