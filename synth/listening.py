"""Build the listening page: one clip per style, ``python -m synth.listening FOLDER``.

The page is plain HTML that plays files lying beside it, so it works from a disk with no network.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from music.theory import STYLES
from synth.config import config_from_style
from synth.files import encoded
from synth.render import render
from synth.schema import MusicConfig

SECONDS: Final = 7.0
RATE: Final = 32_000
_COMPRESSION: Final = (
    0.75  # of Vorbis: about 70 kB a clip, so that the page can lie in a repository
)
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Ghostnotes: listening page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
       background: #14121a; color: #ece7f5; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }}
section {{ background: #211d2b; border-radius: .6rem; padding: .8rem 1rem; }}
h2 {{ font-size: 1.05rem; margin: 0; }} p {{ margin: .3rem 0; color: #b9b0cc; font-size: .85rem; }}
audio {{ width: 100%; margin-top: .4rem; }}
</style></head><body>
<h1>Listening page</h1>
<p>{n} styles, one piece of {seconds:.0f} seconds each, composed to that length with a real ending,
in stereo at -16 LUFS. No sample and no recording was used: every sound is computed. Each file
carries its config, so dropping it on <em>Hear it</em> gives the piece back. Made by
<code>make listening</code>, seed {seed}.</p>
<main>
{clips}
</main></body></html>
"""


def build(
    folder: Path, seed: int = 1, kind: str = "ogg", styles: Iterable[str] = tuple(STYLES)
) -> int:
    """Render styles into a folder with a page that plays them; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for name in styles:
        config = config_from_style(name, seed)
        file = f"{name.replace(' ', '-')}.{kind}"
        audio = render(config, duration_s=SECONDS, sample_rate=RATE)
        (folder / file).write_bytes(encoded(audio, kind, config, _COMPRESSION))
        clips.append(_clip(name, file, config))
    page = _PAGE.format(n=len(clips), seconds=SECONDS, seed=seed, clips="\n".join(clips))
    (folder / "index.html").write_text(page, encoding="utf-8")
    return len(clips)


def _clip(name: str, file: str, config: MusicConfig) -> str:
    layers = [getattr(config, n) for n in ("melody", "harmony", "bass", "texture", "accent", "kit")]
    played = ", ".join(dict.fromkeys(v.replace("_", " ") for v in layers if v != "none"))
    played += f"; around it: {config.ambience}" if config.ambience != "none" else ""
    return (
        f"<section><h2>{escape(name)}</h2>"
        f"<p>{escape(config.scale)}, {escape(config.rhythm)} in {escape(config.metre)}, "
        f"{config.tempo_bpm:.0f} BPM</p><p>{escape(played)}</p>"
        f'<audio controls preload="none" src="{escape(file)}"></audio></section>'
    )


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/sound"))
