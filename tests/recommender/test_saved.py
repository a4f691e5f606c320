"""Fitted weights come back as they were; a file that was changed is refused."""

import json

import numpy as np
import pytest

from music.errors import InputError
from recommender.saved import load, save
from recommender.score import Weights

WEIGHTS = Weights({"sound": 0.1, "year": 1 / 3}, {"sound": -2.0, "year": 1e-9})


@pytest.fixture
def saved(tmp_path):
    save(WEIGHTS, tmp_path / "mine")
    return tmp_path / "mine"


def test_weights_come_back(saved):
    assert load(saved) == WEIGHTS


def test_a_changed_file_is_refused(saved):
    content = bytearray(saved.with_suffix(".npz").read_bytes())
    content[len(content) // 2] ^= 1
    saved.with_suffix(".npz").write_bytes(content)
    with pytest.raises(InputError, match="not the file that was saved"):
        load(saved)


def test_a_pickle_is_never_opened(saved):
    import hashlib

    np.savez(saved.with_suffix(".npz"), few=np.array([{}], dtype=object), many=np.zeros(2))
    about = json.loads(saved.with_suffix(".json").read_text())
    about["sha256"] = hashlib.sha256(saved.with_suffix(".npz").read_bytes()).hexdigest()
    saved.with_suffix(".json").write_text(json.dumps(about))
    with pytest.raises(InputError, match="does not hold fitted weights"):
        load(saved)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', "{"])
def test_a_wrong_description_is_refused(saved, text):
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(InputError):
        load(saved)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="nothing cannot be read"):
        load(tmp_path / "nothing")
