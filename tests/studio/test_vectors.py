"""A text is encoded once in its life; what is kept holds no text and can be deleted."""

from concurrent.futures import CancelledError

import numpy as np
import pytest

from studio.vectors import BATCH, WIDTH, Vectors


class Encoder:
    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, texts):
        self.said += texts
        return np.stack(
            [np.random.default_rng(len(t)).normal(size=WIDTH).astype(np.float32) for t in texts]
        )


def test_a_second_process_encodes_nothing(tmp_path):
    first, again = Encoder(), Encoder()
    texts = ["a", "bb", "a", "ccc"]
    made = Vectors(tmp_path / "names.npz", first).of(texts)
    kept = Vectors(tmp_path / "names.npz", again).of(texts)
    assert first.said == ["a", "bb", "ccc"]
    assert again.said == []
    np.testing.assert_array_equal(made, kept)
    np.testing.assert_array_equal(made[0], made[2])


def test_a_new_text_is_added_to_the_old(tmp_path):
    Vectors(tmp_path / "v.npz", Encoder()).of(["a"])
    encoder = Encoder()
    assert Vectors(tmp_path / "v.npz", encoder).of(["a", "bb"]).shape == (2, WIDTH)
    assert encoder.said == ["bb"]


def test_no_text_gives_no_rows(tmp_path):
    assert Vectors(tmp_path / "v.npz", Encoder()).of([]).shape == (0, WIDTH)
    assert not (tmp_path / "v.npz").exists()


def test_what_was_encoded_before_a_stop_is_kept(tmp_path):
    def tell(share: float, text: str) -> None:
        if share > 0:
            raise CancelledError

    encoder = Encoder()
    with pytest.raises(CancelledError):
        Vectors(tmp_path / "v.npz", encoder).of([f"t{k}" for k in range(3 * BATCH)], tell)
    assert len(encoder.said) == BATCH
    again = Encoder()
    Vectors(tmp_path / "v.npz", again).of([f"t{k}" for k in range(3 * BATCH)])
    assert len(again.said) == 2 * BATCH


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY"])
def test_a_damaged_file_is_made_anew(tmp_path, junk):
    (tmp_path / "v.npz").write_bytes(junk)
    encoder = Encoder()
    Vectors(tmp_path / "v.npz", encoder).of(["a"])
    assert encoder.said == ["a"]


def test_the_file_holds_no_text_and_goes_when_told(tmp_path):
    vectors = Vectors(tmp_path / "v.npz", Encoder())
    vectors.of(["a secret title"])
    assert b"secret" not in (tmp_path / "v.npz").read_bytes()
    vectors.forget()
    assert not (tmp_path / "v.npz").exists()
