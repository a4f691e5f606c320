"""All drum voices, with the signature of every voice; `freq_hz` tunes them, 440 is as made.

A drum is a skin (a tone whose pitch may fall), modes that ring, and noise: each optional.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from synth.partials import Samples, noise, partials, ramps, sweep
from synth.voice import Voice

_MEMBRANE = (1.0, 1.59, 2.14, 2.30, 2.65, 2.92)  # modes of an ideal round membrane (Bessel zeros)
_TABLA = (1.0, 2.0, 3.0, 4.0, 5.0)  # the loaded skin of the tabla is nearly harmonic (Raman 1920)
_METAL = (2.0, 3.0, 4.16, 5.43, 6.79, 8.21)  # the 808's six square waves, as bare ratios


@dataclass(frozen=True)
class Drum(Voice):
    """One drum sound.

    Parameters
    ----------
    tone_hz, drop
        Pitch of the skin and how many times higher it starts; 0 hertz for no skin.
    tone_s
        Time constant of the skin.
    ratios
        Modes above the skin, as multiples of `tone_hz`; they die faster, the high ones first.
    noise_hz, noise_s, noise
        Band, time constant and level of the noise; `claps` repeats its attack.
    glide
        Pitch bend that goes on while the drum sounds (tabla), as a share of the pitch.
    peak
        Loudness against other drums.
    """

    tone_hz: float = 0.0
    tone_s: float = 0.1
    drop: float = 1.0
    drop_s: float = 0.03
    glide: float = 0.0
    ratios: tuple[float, ...] = ()
    modes: float = 0.0
    modes_s: float = 0.08
    noise_hz: tuple[float, float] = (1000.0, 8000.0)
    noise_s: float = 0.05
    noise: float = 0.0
    claps: int = 1
    attack_s: float = 0.001
    peak: float = 0.8

    def _note(self, freq_hz: float, n: int, sample_rate: int, brightness: float) -> Samples:
        scale = freq_hz / 440.0
        t = np.arange(n, dtype=np.float32) / np.float32(sample_rate)
        out = np.zeros(n, np.float32)
        bright = 2.0 ** (2 * (brightness - 0.5))
        if self.tone_hz and self.tone_s:
            out += self._skin(t, scale, sample_rate)
        if self.ratios:
            freqs = self.tone_hz * scale * np.array(self.ratios)
            rates = (1 + 0.35 * np.arange(len(freqs))) / self.modes_s
            amps = self.modes * bright / (1 + 0.4 * np.arange(len(freqs)))
            out += partials(freqs, amps, rates, n, sample_rate)
        if self.noise:
            out += np.float32(self.noise * bright) * self._noise(t, scale, sample_rate)
        ramps(out, self.attack_s, 0.03, sample_rate)
        out -= out.mean() * _flat(n)
        top = max(float(out.max()), -float(out.min()), 1e-9)
        out *= np.float32(self.peak / top)
        return out

    def longest_s(self) -> float:
        """When the hit has died away."""
        parts = [0.05, 7 * self.tone_s if self.tone_hz else 0.0]
        parts += [7 * self.modes_s if self.ratios else 0.0, 7 * self.noise_s if self.noise else 0.0]
        return min(4.0, max(parts))

    def _skin(self, t: Samples, scale: float, sample_rate: int) -> Samples:
        bend = 1 + (self.drop - 1) * np.exp(-t / np.float32(self.drop_s))
        if self.glide:
            bend = bend * (1 + self.glide * (1 - np.exp(-t / np.float32(0.12))))
        highest = 0.45 * sample_rate
        freqs = np.minimum(self.tone_hz * scale * bend.astype(np.float64), highest)
        return np.asarray(sweep(freqs, sample_rate) * np.exp(-t / np.float32(self.tone_s)))

    def _noise(self, t: Samples, scale: float, sample_rate: int) -> Samples:
        low, high = self.noise_hz
        top = 0.44 * sample_rate
        hiss = noise(len(t), min(low * scale, top * 0.5), min(high * scale, top), sample_rate, 3)
        fade = np.exp(-t / np.float32(self.noise_s))
        for i in range(1, self.claps):
            late = np.maximum(t - np.float32(0.011 * i), 0)
            fade = np.where(t < 0.011 * i, fade * np.exp(-t / np.float32(0.006)),
                            np.exp(-late / np.float32(self.noise_s)))  # fmt: skip
        return np.asarray(0.35 * hiss * fade)


def _flat(n: int) -> Samples:
    """A window with mean 1 and silent ends, to take an offset away without a step."""
    window = np.sin(np.pi * np.arange(n, dtype=np.float32) / np.float32(max(n - 1, 1))) ** 2
    return np.asarray(window / max(float(window.mean()), 1e-9))


DRUMS: Final[Mapping[str, Drum]] = {
    # kits
    "kick": Drum(52, 0.13, 3.2, 0.025, noise=0.25, noise_hz=(800, 4000), noise_s=0.006, peak=0.95),
    "kick_909": Drum(48, 0.16, 4.5, 0.03, noise=0.4, noise_hz=(1500, 7000), noise_s=0.004,
                     peak=0.95),
    "kick_808": Drum(45, 0.38, 2.2, 0.04, peak=0.95),
    "kick_soft": Drum(55, 0.09, 2.0, 0.025, peak=0.8),
    "chip_kick": Drum(60, 0.06, 6.0, 0.02, ratios=(3.0, 5.0), modes=0.2, modes_s=0.03, peak=0.8),
    "bass_drum": Drum(58, 0.25, 1.5, 0.05, noise=0.3, noise_hz=(100, 900), noise_s=0.04, peak=0.9),
    "snare": Drum(185, 0.07, 1.4, 0.02, ratios=(1.59, 2.3), modes=0.3, modes_s=0.05,
                  noise=1.0, noise_hz=(1200, 9000), noise_s=0.075, peak=0.75),
    "marching_snare": Drum(230, 0.035, 1.2, 0.01, noise=1.2, noise_hz=(2000, 9000), noise_s=0.06,
                           peak=0.6),
    "brush": Drum(noise=1.0, noise_hz=(1800, 7000), noise_s=0.09, attack_s=0.012, peak=0.35),
    "clap": Drum(noise=1.0, noise_hz=(900, 4500), noise_s=0.07, claps=3, peak=0.65),
    "chip_snare": Drum(noise=1.0, noise_hz=(1500, 12000), noise_s=0.05, peak=0.5),
    "rim": Drum(420, 0.01, ratios=(2.7, 4.1), modes=0.8, modes_s=0.018, noise=0.3, noise_s=0.006,
                peak=0.5),
    "metal_hit": Drum(310, 0.02, ratios=(1.0, 1.47, 2.09, 2.56, 3.31, 4.7), modes=0.6, modes_s=0.12,
                      noise=0.7, noise_hz=(1000, 7000), noise_s=0.06, peak=0.6),
    "anvil": Drum(900, 0.0, ratios=(1.0, 1.51, 2.33, 2.81, 4.05), modes=1.0, modes_s=0.2, peak=0.3),
    "hat": Drum(noise=1.0, noise_hz=(6500, 14000), noise_s=0.022, peak=0.4),
    "hat_soft": Drum(noise=1.0, noise_hz=(4500, 9000), noise_s=0.025, attack_s=0.003, peak=0.25),
    "hat_808": Drum(1300, 0.0, ratios=_METAL, modes=0.4, modes_s=0.02, noise=0.8,
                    noise_hz=(7000, 13000), noise_s=0.016, peak=0.35),
    "chip_hat": Drum(noise=1.0, noise_hz=(5000, 14000), noise_s=0.014, peak=0.3),
    "chip_blip": Drum(880, 0.03, ratios=(3.0,), modes=0.3, modes_s=0.02, peak=0.3),
    "open_hat": Drum(noise=1.0, noise_hz=(5500, 13000), noise_s=0.14, peak=0.36),
    "ride": Drum(1150, 0.0, ratios=(1.0, 1.53, 2.21, 2.9, 3.84), modes=0.35, modes_s=0.22,
                 noise=0.4, noise_hz=(5000, 11000), noise_s=0.16, peak=0.3),
    "crash": Drum(noise=1.0, noise_hz=(2500, 12000), noise_s=0.4, peak=0.4),
    "cowbell": Drum(545, 0.0, ratios=(1.0, 1.48), modes=1.0, modes_s=0.07, peak=0.4),
    "tambourine": Drum(3900, 0.0, ratios=(1.0, 1.37, 1.83), modes=0.3, modes_s=0.03, noise=0.8,
                       noise_hz=(5000, 12000), noise_s=0.06, peak=0.35),
    "shaker": Drum(noise=1.0, noise_hz=(4500, 10000), noise_s=0.035, attack_s=0.012, peak=0.28),
    "triangle": Drum(2600, 0.0, ratios=(1.0, 1.72, 2.51, 3.2), modes=1.0, modes_s=0.45, peak=0.18),
    "sleigh": Drum(4600, 0.0, ratios=(1.0, 1.19, 1.37, 1.61, 1.9), modes=0.8, modes_s=0.09,
                   noise=0.5, noise_hz=(6000, 12000), noise_s=0.05, attack_s=0.004, peak=0.3),
    # latin and african
    "clave": Drum(2450, 0.018, ratios=(1.7,), modes=0.2, modes_s=0.01, peak=0.45),
    "woodblock": Drum(880, 0.03, ratios=(1.52, 2.6), modes=0.4, modes_s=0.02, peak=0.5),
    "woodblock_high": Drum(1250, 0.025, ratios=(1.52, 2.6), modes=0.4, modes_s=0.016, peak=0.45),
    "agogo": Drum(910, 0.0, ratios=(1.0, 2.42, 3.1), modes=1.0, modes_s=0.11, peak=0.35),
    "conga_low": Drum(165, 0.11, 1.15, 0.02, ratios=_MEMBRANE[1:4], modes=0.4, modes_s=0.04,
                      noise=0.2, noise_hz=(400, 3000), noise_s=0.006, peak=0.7),
    "conga_high": Drum(250, 0.08, 1.15, 0.02, ratios=_MEMBRANE[1:4], modes=0.5, modes_s=0.03,
                       noise=0.35, noise_hz=(800, 4000), noise_s=0.008, peak=0.6),
    "djembe_low": Drum(82, 0.14, 1.4, 0.03, ratios=_MEMBRANE[1:3], modes=0.25, modes_s=0.05,
                       noise=0.2, noise_hz=(300, 2500), noise_s=0.01, peak=0.85),
    "djembe_high": Drum(350, 0.05, 1.1, 0.02, ratios=_MEMBRANE[1:], modes=0.6, modes_s=0.035,
                        noise=0.6, noise_hz=(1200, 6000), noise_s=0.015, peak=0.6),
    "cajon_low": Drum(88, 0.07, 1.3, 0.03, noise=0.35, noise_hz=(200, 1800), noise_s=0.02,
                      peak=0.8),
    "palmas": Drum(noise=1.0, noise_hz=(1200, 5000), noise_s=0.022, claps=2, peak=0.5),
    "castanet": Drum(1900, 0.008, ratios=(1.31, 1.9), modes=0.7, modes_s=0.008, peak=0.4),
    # the Near East and India
    "frame_low": Drum(92, 0.2, 1.15, 0.03, ratios=_MEMBRANE[1:3], modes=0.3, modes_s=0.08,
                      noise=0.15, noise_hz=(200, 1500), noise_s=0.015, peak=0.8),
    "frame_high": Drum(310, 0.04, ratios=_MEMBRANE[1:], modes=0.5, modes_s=0.03, noise=0.5,
                       noise_hz=(1500, 6000), noise_s=0.012, peak=0.5),
    "darbuka_dum": Drum(105, 0.14, 1.25, 0.03, ratios=_MEMBRANE[1:4], modes=0.3, modes_s=0.06,
                        noise=0.15, noise_hz=(300, 2000), noise_s=0.01, peak=0.85),
    "darbuka_tak": Drum(520, 0.03, ratios=_MEMBRANE[1:], modes=0.8, modes_s=0.045, noise=0.5,
                        noise_hz=(2500, 9000), noise_s=0.012, peak=0.6),
    "darbuka_ka": Drum(610, 0.015, ratios=_MEMBRANE[1:], modes=0.6, modes_s=0.022, noise=0.7,
                       noise_hz=(3000, 9000), noise_s=0.008, peak=0.35),
    "riq": Drum(4200, 0.0, ratios=(1.0, 1.31, 1.74), modes=0.4, modes_s=0.04, noise=0.7,
                noise_hz=(5500, 12000), noise_s=0.04, peak=0.3),
    "tabla_ge": Drum(98, 0.28, 0.9, 0.05, glide=0.28, ratios=(2.1,), modes=0.15, modes_s=0.06,
                     noise=0.1, noise_hz=(300, 2000), noise_s=0.01, peak=0.85),
    "tabla_na": Drum(349, 0.0, ratios=_TABLA, modes=1.0, modes_s=0.11, noise=0.5,
                     noise_hz=(2000, 7000), noise_s=0.006, peak=0.55),
    "tabla_tin": Drum(349, 0.24, ratios=_TABLA[1:3], modes=0.35, modes_s=0.2, noise=0.15,
                      noise_hz=(1000, 5000), noise_s=0.005, peak=0.5),
    "manjira": Drum(3100, 0.0, ratios=(1.0, 1.02, 2.3, 2.34), modes=1.0, modes_s=0.2, peak=0.2),
    "dhol_low": Drum(78, 0.16, 1.6, 0.04, noise=0.3, noise_hz=(150, 1500), noise_s=0.02, peak=0.9),
    "dhol_high": Drum(390, 0.03, 1.1, 0.02, ratios=_MEMBRANE[1:], modes=0.5, modes_s=0.03,
                      noise=0.8, noise_hz=(2000, 8000), noise_s=0.02, peak=0.6),
    # the far east and the orchestra
    "taiko": Drum(68, 0.3, 1.5, 0.05, ratios=_MEMBRANE[1:4], modes=0.3, modes_s=0.12, noise=0.4,
                  noise_hz=(150, 1500), noise_s=0.03, peak=0.95),
    "taiko_soft": Drum(62, 0.45, 1.2, 0.05, ratios=_MEMBRANE[1:3], modes=0.15, modes_s=0.2,
                       attack_s=0.004, peak=0.7),
    "taiko_rim": Drum(460, 0.02, ratios=(1.7, 2.9), modes=0.6, modes_s=0.025, noise=0.5,
                      noise_hz=(1000, 6000), noise_s=0.015, peak=0.6),
    "shime": Drum(540, 0.035, 1.05, 0.01, ratios=_MEMBRANE[1:], modes=0.5, modes_s=0.03, noise=0.3,
                  noise_hz=(1500, 7000), noise_s=0.01, peak=0.45),
    "timpani": Drum(87, 0.5, 1.04, 0.03, ratios=(1.5, 1.99, 2.44, 2.89), modes=0.4, modes_s=0.3,
                    noise=0.15, noise_hz=(100, 900), noise_s=0.02, peak=0.85),
    "gong": Drum(58, 1.6, 0.99, 0.2, ratios=(1.01, 1.99, 2.74, 3.98, 5.1), modes=0.4, modes_s=0.9,
                 attack_s=0.008, peak=0.85),
    "kempul": Drum(117, 0.7, ratios=(1.02, 2.4, 3.3), modes=0.3, modes_s=0.4, attack_s=0.004,
                   peak=0.55),
    "ketuk": Drum(440, 0.07, ratios=(1.6, 2.7), modes=0.5, modes_s=0.05, peak=0.4),
    "bowl": Drum(880, 0.9, ratios=(1.004, 2.71, 5.2), modes=0.4, modes_s=0.6, attack_s=0.006,
                 peak=0.3),
}  # fmt: skip
