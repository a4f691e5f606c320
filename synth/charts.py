"""Pictures of music, each a plotly figure: waveform, spectrogram, piano roll, scale wheel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
import scipy.fft

from music.theory import SCALES
from synth.audio import Audio
from synth.schema import MusicConfig
from synth.score import LAYERS, Score

COLOURS: Final = {
    "melody": "#e4572e", "harmony": "#4c78a8", "bass": "#54a24b", "texture": "#9ecae9",
    "accent": "#f2a541", "drums": "#8c8c8c",
}  # fmt: skip
KEYS: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_COLUMNS: Final = 900  # about as many as a screen shows


def waveform(audio: Audio) -> go.Figure:
    """Loudest and softest sample of each moment."""
    mono = audio.samples.mean(axis=1)
    per = max(1, len(mono) // _COLUMNS)
    cut = mono[: len(mono) // per * per].reshape(-1, per)
    seconds = (np.arange(len(cut)) + 0.5) * per / audio.sample_rate
    figure = go.Figure()
    figure.add_scatter(x=seconds, y=cut.max(axis=1), mode="lines", line_width=0, hoverinfo="skip")
    figure.add_scatter(
        x=seconds, y=cut.min(axis=1), mode="lines", line_width=0, fill="tonexty",
        fillcolor=COLOURS["harmony"], hoverinfo="skip",
    )  # fmt: skip
    figure.update_yaxes(range=[-1, 1], visible=False)
    return _plain(figure, "seconds", height=140)


def spectrogram(audio: Audio) -> go.Figure:
    """Power in decibels over time and pitch (logarithmic, 60 Hz to 10 kHz)."""
    mono = audio.samples.mean(axis=1)
    size = 4096
    starts = np.linspace(0, max(len(mono) - size, 0), 400).astype(int)
    padded = np.pad(mono, (0, size))
    window = np.hanning(size).astype(np.float32)
    pieces = np.stack([padded[s : s + size] for s in starts]) * window
    power = np.abs(scipy.fft.rfft(pieces, axis=1)) ** 2
    edges = np.geomspace(60, min(10_000, audio.sample_rate * 0.45), 121)
    bins = np.maximum((edges / audio.sample_rate * size).astype(int), 1)
    sums = np.add.reduceat(power, bins[:-1], axis=1) / np.maximum(np.diff(bins), 1)
    level = 10 * np.log10(sums / max(float(sums.max()), 1e-12) + 1e-8)
    figure = go.Figure(
        go.Heatmap(
            x=starts / audio.sample_rate, y=edges[:-1], z=level.T.round(1), zmin=-70, zmax=0,
            colorscale="Magma", showscale=False,
            hovertemplate="%{x:.1f} s, %{y:.0f} Hz: %{z} dB<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(type="log", title="hertz")
    return _plain(figure, "seconds", height=260)


def piano_roll(score: Score) -> go.Figure:
    """Every note of the score as it is played: a bar per note, drums in their own rows below."""
    figure = go.Figure()
    per_beat = 60.0 / score.tempo_bpm
    for layer in LAYERS:
        notes = [n for n in score.notes if n.layer == layer]
        if not notes:
            continue
        drums = sorted({n.voice for n in notes}) if layer == "drums" else []
        pitch = [20 - 2 * drums.index(n.voice) if drums else n.pitch for n in notes]
        length = [0.12 if drums else n.beats * per_beat for n in notes]
        figure.add_bar(
            base=[n.start * per_beat for n in notes], x=length, y=pitch, orientation="h",
            width=[1.6 if drums else 0.9] * len(notes), name=layer,
            marker={"color": COLOURS[layer], "opacity": [0.35 + 0.65 * n.velocity for n in notes],
                    "line_width": 0},
            customdata=[n.voice if drums else f"{n.voice}, {pitch_name(n.pitch)}" for n in notes],
            hovertemplate="%{customdata} at %{base:.2f} s<extra></extra>",
        )  # fmt: skip
    bar_s = score.metre.beats * per_beat
    for bar in range(int(score.bars) + 1):
        figure.add_vline(x=bar * bar_s, line_width=0.5, line_color="rgba(128,128,128,0.4)")
    figure.update_layout(barmode="overlay", legend={"orientation": "h", "y": -0.22})
    octaves = list(range(36, 97, 12))
    figure.update_yaxes(tickvals=octaves, ticktext=[pitch_name(p) for p in octaves])
    return _plain(figure, "seconds", height=360, legend=True)


def scale_wheel(config: MusicConfig) -> go.Figure:
    """The tones of the scale around the octave, the tonic on top; quarter tones lie between."""
    scale = SCALES[config.scale]
    cents = np.array(scale.cents)
    ring = [pitch_name(config.root + c / 100.0, octave=False) for c in cents]
    figure = go.Figure()
    for i, angle in enumerate(cents * 360 / scale.period_cents):
        figure.add_scatterpolar(
            r=[0, 1], theta=[angle, angle], mode="lines", hoverinfo="skip",
            line={"color": COLOURS["melody"] if i == 0 else COLOURS["harmony"], "width": 2},
        )  # fmt: skip
    closed = np.append(cents, cents[0]) * 360 / scale.period_cents
    figure.add_scatterpolar(
        r=np.ones(len(closed)), theta=closed, mode="markers+lines", text=[*ring, ring[0]],
        fill="toself", fillcolor="rgba(76,120,168,0.12)",
        line={"color": COLOURS["harmony"], "width": 1}, marker={"size": 10},
        customdata=np.append(cents, 0.0),
        hovertemplate="%{text}: %{customdata} cents<extra></extra>",
    )  # fmt: skip
    figure.add_scatterpolar(  # names stand outside the ring, so that no dot hides them
        r=np.full(len(ring), 1.24), theta=closed[:-1], mode="text", text=ring, hoverinfo="skip"
    )
    figure.update_polars(
        angularaxis={"direction": "clockwise", "rotation": 90, "showticklabels": False,
                     "dtick": 30, "gridcolor": "rgba(128,128,128,0.25)"},
        radialaxis={"visible": False, "range": [0, 1.4]}, bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    name = f"{config.scale}<br>on {KEYS[config.root]}"  # two lines: the wheel is narrow
    figure.update_layout(title={"text": name, "x": 0.5, "xanchor": "center", "font_size": 15})
    figure = _plain(figure, "", height=320)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 64, "b": 10})


def arc(names: Sequence[str], amounts: Sequence[float], moods: Sequence[float | None]) -> go.Figure:
    """How much there was of something in turn; its mood (a percentile) is told on hovering."""
    told = ["valence unknown" if m is None else f"valence {m:.0%}" for m in moods]
    figure = go.Figure(
        go.Bar(
            x=list(names), y=list(amounts), customdata=told, marker_color=COLOURS["harmony"],
            hovertemplate="%{x}: %{y} plays, %{customdata}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(title="plays", showgrid=False)
    return _plain(figure, "", height=200)


def pitch_name(midi: float, octave: bool = True) -> str:
    """The name of a MIDI number; what lies between keys gets its cents.

    >>> pitch_name(60.0), pitch_name(61.5)
    ('C4', 'D4−50')
    """
    key = round(midi + 1e-9)
    off = round((midi - key) * 100)
    name = KEYS[key % 12] + (str(key // 12 - 1) if octave else "")
    return name if abs(off) < 3 else f"{name}{'+' if off > 0 else '−'}{abs(off)}"


def _plain(figure: go.Figure, x_title: str, height: int, legend: bool = False) -> go.Figure:
    figure.update_layout(
        height=height, showlegend=legend, margin={"l": 40, "r": 10, "t": 30, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    if x_title:
        figure.update_xaxes(title=x_title, showgrid=False)
    return figure
