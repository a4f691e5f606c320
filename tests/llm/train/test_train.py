"""From authored text to a small model that keeps its tone and facts, and the same again by seed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from llm import grammar
from llm.lines import PERSONAS
from llm.task import Slot, problems
from llm.tiny import END, OUT, Tiny
from llm.train.__main__ import main
from llm.train.card import drifted, write_card
from llm.train.corpus import IGNORED, VOICE, documents, rows, special_tokens
from llm.train.evaluate import evaluate
from llm.train.loop import backward, loss_of, new_model, train
from llm.train.tokenizer import train_tokenizer
from music.errors import ModelError
from music.profile import Fact
from tests.llm.toy import RECIPE, TOY, toy_kind, trained_toy


@pytest.fixture(scope="module", autouse=True)
def known_kind():
    with toy_kind():
        yield


@pytest.fixture(scope="module")
def corpus():
    return trained_toy()[0]


@pytest.fixture(scope="module")
def trained():
    return trained_toy()[1:]


def test_a_corpus_is_the_same_by_seed_and_holds_no_names(corpus):
    assert corpus == documents(RECIPE.documents, 0, ["toy"])
    assert corpus != documents(RECIPE.documents, 1, ["toy"])
    text = " ".join(p.text for doc in corpus for p in doc.passages)
    assert "Help" not in text
    assert "<track>" in text


def test_roasts_are_learned_in_one_voice():
    headers = [p.header for doc in documents(40, 0, ["roast"]) for p in doc.passages]
    voices = {name for name in PERSONAS for header in headers if f"<|is:{name}|>" in header}
    assert voices == {VOICE}


def test_conditions_stand_last_before_the_text(corpus):
    for doc in corpus[:50]:
        for passage in doc.passages:
            assert passage.header[-1] == OUT
            assert passage.header[-2] in ("<|is:pat|>", "<|is:cook|>", "<|other|>")


def test_placeholders_and_conditions_are_single_tokens(corpus):
    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    for token in special_tokens(corpus):
        assert tokenizer.encode(token).tokens == [token]
    text = "Well, <track> again, <n> times: nobody minds."
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_rows_hold_every_text_once_and_literals_cost_nothing(corpus):
    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    ids, targets, places = rows(corpus, tokenizer, RECIPE.context)
    wanted = sum(len(tokenizer.encode(p.text).ids) + 1 for doc in corpus for p in doc.passages)
    assert (targets != IGNORED).sum() == wanted
    assert (targets == tokenizer.token_to_id(END)).sum() == sum(len(d.passages) for d in corpus)
    assert (ids[targets != IGNORED] == targets[targets != IGNORED]).all()
    assert (places >= 0).all()
    assert (ids != 0).mean() > 0.8  # little padding


def test_the_handwritten_gradient_is_that_of_the_loss(corpus):
    import torch

    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    batch = tuple(part[:4] for part in rows(corpus, tokenizer, RECIPE.context))
    model = new_model(RECIPE, tokenizer.get_vocab_size())
    told = backward(model, batch)
    assert told == pytest.approx(loss_of(model, batch), rel=1e-3)
    weight = model.transformer.h[0].mlp.c_fc.weight
    step = 0.02 * weight.grad / weight.grad.norm()
    with torch.no_grad():
        weight += step
        up = loss_of(model, batch)
        weight -= 2 * step
        down = loss_of(model, batch)
    assert up - down == pytest.approx(2 * 0.02 * float(weight.grad.norm()), rel=0.15)


def test_a_card_does_not_see_the_one_beside_it_in_its_row(corpus):
    import torch

    from llm.train.loop import _logits

    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    ids, targets, places = (part[:1] for part in rows(corpus, tokenizer, RECIPE.context))
    model = new_model(RECIPE, tokenizer.get_vocab_size())
    begin = int(np.flatnonzero(places[0] == 0)[1])
    other = ids.copy()
    other[0, :begin] = 5
    late = int((targets[0, begin + 1 :] != IGNORED).sum())
    with torch.no_grad():
        a, wanted = _logits(model, (ids, targets, places))
        b, _ = _logits(model, (other, targets, places))
    n = int((wanted != IGNORED).sum())
    assert torch.equal(a[n - late : n], b[n - late : n])
    assert not torch.equal(a[:5], b[:5])


def test_training_learns_tone_and_facts(trained, corpus):
    folder, losses = trained
    assert losses[-1][1] < losses[0][1]
    figures = {f.name: f for f in evaluate(Tiny(folder), corpus, seed=1, n=40)}
    assert figures["valid cards"].value == 1.0
    assert figures["texts that fit their fact"].value > 0.95
    assert figures["texts that fit their conditions"].value > 0.95
    assert figures["sentences that end by themselves"].value > 0.95
    assert figures["texts that fit their conditions"].grammar == 1.0


def test_the_trained_model_is_a_backend(trained):
    tiny = Tiny(trained[0])
    rng = np.random.default_rng(5)
    for seed in range(20):
        task = TOY.examples(rng)
        card = tiny.fill(task, seed)
        assert problems(task, card) == []
        assert card == tiny.fill(task, seed)
        assert "".join(tiny.stream(task, seed)).splitlines() == [
            str(card[s.name]) for s in task.slots if s.kind == "text"
        ]
    assert tiny.knows(task)
    assert not tiny.knows(replace(task, kind="opera"))
    with pytest.raises(ModelError, match="has not learned 'kind:opera'"):
        tiny.fill(replace(task, kind="opera"), 0)


def test_a_fact_it_has_not_learned_is_left_to_others(trained):
    tiny, task = Tiny(trained[0]), TOY.examples(np.random.default_rng(1))
    strange = Slot("line_9", fact=Fact("llamas", "", {"n": "9"}))
    card = tiny.fill(replace(task, slots=(*task.slots, strange)), 0)
    assert set(card) == {slot.name for slot in task.slots}


def test_what_it_writes_equals_transformers(trained):
    import torch
    from transformers import AutoModelForCausalLM

    theirs = AutoModelForCausalLM.from_pretrained(trained[0], dtype=torch.float32).eval()
    tiny = Tiny(trained[0])
    ids = [int(i) for i in np.random.default_rng(0).integers(3, 300, 90)]
    with torch.no_grad():
        want = theirs(torch.tensor([ids])).logits[0].numpy()
    np.testing.assert_allclose(tiny.model.logits(ids, last=90), want, atol=1e-4)


def test_a_broken_off_training_ends_where_a_whole_one_does(corpus, tmp_path, monkeypatch):
    from llm.train import loop

    monkeypatch.setattr(loop, "SAVE_EVERY_S", -1.0)  # save at every step
    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    data = rows(corpus, tokenizer, RECIPE.context)
    recipe = replace(RECIPE, tokens=12 * 96 * 12)

    class Stop(Exception):
        pass

    def stop(tokens, loss, cpu_s):
        raise Stop

    whole = new_model(recipe, tokenizer.get_vocab_size())
    train(whole, data, recipe)
    broken = new_model(recipe, tokenizer.get_vocab_size())
    monkeypatch.setattr(loop, "REPORT_EVERY", 7)
    with pytest.raises(Stop):
        train(broken, data, recipe, tmp_path, stop)
    resumed = new_model(recipe, tokenizer.get_vocab_size())
    train(resumed, data, recipe, tmp_path)
    assert json.loads((tmp_path / "at.json").read_text())["steps"] == 12
    for name, tensor in whole.state_dict().items():
        np.testing.assert_allclose(resumed.state_dict()[name].numpy(), tensor.numpy(), atol=1e-6)


def test_the_card_tells_the_numbers_and_drift_is_named(trained, corpus, tmp_path):
    figures = evaluate(Tiny(trained[0]), corpus, seed=1, n=10)
    write_card(tmp_path, RECIPE, figures, {"parameters": 123_456}, ["toy"])
    text = (tmp_path / "MODEL_CARD.md").read_text()
    assert "parameters: 123,456" in text
    assert "| valid cards | 1 |" in text
    assert drifted(tmp_path, figures) == []
    worse = [replace(f, value=f.value - 0.1) for f in figures]
    assert any("texts that fit their fact" in sentence for sentence in drifted(tmp_path, worse))


def test_make_train_makes_weights_a_card_and_can_be_compared(tmp_path, monkeypatch):
    monkeypatch.setattr(grammar, "kinds", lambda: {"toy": TOY})
    out = [
        "--tokens",
        "20000",
        "--documents",
        "60",
        "--cards",
        "20",
        "--checkpoint",
        str(tmp_path / "c"),
    ]
    assert main([*out, "--out", str(tmp_path / "a")], RECIPE) == 0
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names >= {"model.safetensors", "config.json", "tokenizer.json", "MODEL_CARD.md"}
    again = [*out, "--out", str(tmp_path / "b"), "--compare", str(tmp_path / "a")]
    assert main(again, RECIPE) == 0
    same = [(tmp_path / x / "model.safetensors").read_bytes() for x in "ab"]
    assert same[0] == same[1]
