"""Every export can be read back: sound files with their config, stems, MIDI, Strudel."""

import base64
import io
import re
import struct
import zipfile
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile

from music.errors import InputError
from synth.compose import compose
from synth.config import config_from_style
from synth.files import FORMATS, config_in, encoded, stems, stems_zip
from synth.midi import midi
from synth.render import render, render_score
from synth.strudel import share_link, strudel

CONFIG = config_from_style("arabian nights", 2)
RATE = 22_050


@pytest.fixture(scope="module")
def audio():
    return render(CONFIG, bars=2, sample_rate=RATE)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_sounds_the_same_and_knows_its_config(audio, kind):
    data = encoded(audio, kind, CONFIG)
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == RATE
    assert abs(len(samples) - len(audio.samples)) < 4000  # MP3 pads
    if kind in ("wav", "flac"):
        np.testing.assert_allclose(samples, audio.samples, atol=1e-4)
    assert config_in(data) == CONFIG


def test_foreign_files_are_told_so(audio):
    with pytest.raises(InputError, match="not made by Ghostnotes"):
        config_in(audio.wav())
    for junk in (b"", b"RIFF", b"\x00" * 1000):
        with pytest.raises(InputError, match="not a sound file"):
            config_in(junk)
    with pytest.raises(InputError, match="not as 'exe'"):
        encoded(audio, "exe")


def test_stems_add_up_to_the_mix():
    score = compose(CONFIG, 2)
    parts = stems(score, RATE)
    assert set(parts) == {n.layer for n in score.notes} | {"ambience"}
    whole = np.sum([p.samples for p in parts.values()], axis=0)
    mix = render_score(score, sample_rate=RATE).samples
    assert np.corrcoef(whole.ravel(), mix.ravel())[0, 1] > 0.98


def test_stems_come_in_one_zip():
    archive = zipfile.ZipFile(io.BytesIO(stems_zip(compose(CONFIG, 1), RATE)))
    assert archive.testzip() is None
    assert "melody.wav" in archive.namelist()


def read_midi(data):
    """Note-ons as (tick, key with bend), by a reader of our own."""
    assert data[:4] == b"MThd"
    (length,) = struct.unpack(">I", data[18:22])
    track, at, tick, bends, found = data[22:], 0, 0, {}, []
    assert len(track) == length
    while at < length:
        delta = 0
        while True:
            byte, at = track[at], at + 1
            delta = delta << 7 | byte & 0x7F
            if byte < 0x80:
                break
        tick += delta
        status = track[at]
        if status == 0xFF:
            at += 3 + track[at + 2]
        elif status >> 4 == 0xC:
            at += 2
        else:
            kind, channel, a, b = status >> 4, status & 15, track[at + 1], track[at + 2]
            if kind == 0xE:
                bends[channel] = ((b << 7 | a) - 8192) / 8192 * 2
            if kind == 0x9:
                found.append((tick, a + bends.get(channel, 0.0), channel))
            at += 3
    return found


@pytest.mark.parametrize("style", ["arabian nights", "gamelan", "jazz"])
def test_midi_has_every_note_at_its_pitch(style):
    score = compose(config_from_style(style, 1), 4)
    heard = read_midi(midi(score))
    assert len(heard) == len(score.notes)
    pitched = sorted(round(p, 1) for _, p, channel in heard if channel != 9)
    asked = sorted(round(n.pitch, 1) for n in score.notes if n.layer != "drums")
    np.testing.assert_allclose(pitched, asked, atol=0.11)


@pytest.mark.parametrize("style", ["waltz", "raga", "8-bit", "turkish"])
def test_strudel_code_is_well_formed(style):
    score = compose(config_from_style(style, 1), 4)
    code = strudel(score)
    for opening, closing in ("()", "[]", "<>"):
        assert code.count(opening) == code.count(closing)
    assert code.count('"') % 2 == 0
    for pattern in re.findall(r'"(<.*?>)"', code):
        bars = re.findall(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", pattern[1:-1])
        assert len(bars) == 4
        for bar in bars:
            assert len(re.sub(r"\[[^\]]*\]", "x", bar).split()) == score.metre.steps
    link = share_link(score)
    assert base64.b64decode(unquote(link.split("#")[1])).decode() == code
