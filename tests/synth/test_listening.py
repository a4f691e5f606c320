"""The listening page plays a file for each style, and each file knows its config."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from music.theory import STYLES
from synth.config import config_from_style
from synth.files import config_in
from synth.listening import SECONDS, build

COMMITTED = Path(__file__).parents[2] / "docs" / "sound"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    assert build(folder, seed=1, styles=("8-bit", "bagpipe techno")) == 2
    return folder


@pytest.mark.parametrize("style", ["8-bit", "bagpipe techno"])
def test_the_page_has_a_clip_per_style(built, style):
    page = (built / "index.html").read_text(encoding="utf-8")
    file = built / f"{style.replace(' ', '-')}.ogg"
    assert f'src="{file.name}"' in page
    assert config_in(file.read_bytes()) == config_from_style(style, 1)


@pytest.mark.parametrize("style", ["8-bit", "bagpipe techno"])
def test_a_clip_is_stereo_and_survives_one_loudspeaker(built, style):
    data = (built / f"{style.replace(' ', '-')}.ogg").read_bytes()
    samples, rate = soundfile.read(io.BytesIO(data))
    assert len(samples) == pytest.approx(SECONDS * rate, abs=2)
    assert np.abs(samples[:, 0] - samples[:, 1]).max() > 0.01
    both, one = (samples**2).mean(), (samples.mean(axis=1) ** 2).mean()
    assert 10 * np.log10(one / both) > -3


def test_the_committed_page_plays_every_style_from_a_disk():
    page = (COMMITTED / "index.html").read_text(encoding="utf-8")
    files = re.findall(r'src="([^"]+)"', page)
    assert files == [f"{style.replace(' ', '-')}.ogg" for style in STYLES]
    assert {f.name for f in COMMITTED.iterdir()} == {*files, "index.html"}
    assert "http" not in page
    assert sum((COMMITTED / f).stat().st_size for f in files) < 6 * 2**20


@pytest.mark.parametrize("style", STYLES)
def test_a_committed_clip_is_the_style_as_it_is_today(style):
    data = (COMMITTED / f"{style.replace(' ', '-')}.ogg").read_bytes()
    assert config_in(data) == config_from_style(style, 1), "run make listening"
