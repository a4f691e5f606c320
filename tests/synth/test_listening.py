"""The listening page plays a file for each style, and each file knows its config."""

from synth.config import config_from_style
from synth.files import config_in
from synth.listening import build


def test_the_page_has_a_clip_per_style(tmp_path):
    styles = ("8-bit", "bagpipe techno")
    assert build(tmp_path, seed=1, kind="mp3", styles=styles) == 2
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for style in styles:
        file = tmp_path / f"{style.replace(' ', '-')}.mp3"
        assert f'src="{file.name}"' in page
        assert config_in(file.read_bytes()) == config_from_style(style, 1)
