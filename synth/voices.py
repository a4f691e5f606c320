"""All pitched voices by name; what they share is in `synth.voice`.

Recipes are musical sense about how each instrument speaks: where its energy lies, how fast it
starts, how long it rings. The tests find new rows by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from synth.tones import Struck, Sustained

_BELL = (0.5, 1.0, 1.183, 1.506, 2.0, 2.514, 2.662, 3.011, 4.166)  # hum, prime, tierce, quint ...
_BRONZE = (1.0, 1.003, 2.76, 2.766, 5.40, 8.93)  # a free bar, each partial paired: it shimmers
_VOICE_AH = ((750.0, 130.0, 1.0), (1150.0, 150.0, 0.6), (2700.0, 250.0, 0.25), (3400.0, 300.0, 0.1))
_VOICE_OO = ((350.0, 90.0, 1.0), (750.0, 150.0, 0.4), (2500.0, 300.0, 0.1))
_VIOLIN = ((290.0, 60.0, 0.5), (460.0, 90.0, 0.6), (1100.0, 500.0, 0.5), (2600.0, 900.0, 0.6))
_BODY = ((110.0, 50.0, 0.8), (220.0, 90.0, 0.9), (420.0, 200.0, 0.6), (1500.0, 1500.0, 0.35))
_CHORUS = (-3.0, 0.0, 3.0)

VOICES: Final[Mapping[str, Struck | Sustained]] = {
    # electronic
    "pulse12": Sustained("pulse", width=0.125, attack_s=0.002, release_s=0.02, settle=0.6),
    "pulse25": Sustained("pulse", width=0.25, attack_s=0.002, release_s=0.02, settle=0.7),
    "pulse50": Sustained("square", attack_s=0.002, release_s=0.02, settle=0.7),
    "chip_triangle": Sustained("triangle", attack_s=0.002, release_s=0.015),
    "saw_lead": Sustained("saw", detune_cents=(-2, 2), attack_s=0.006, scoop_cents=12, rolloff=1.1),
    "supersaw": Sustained("saw", detune_cents=(-4, -2, 0, 2, 4), attack_s=0.012, rolloff=1.1),
    "sine_lead": Sustained("sine", attack_s=0.03, vibrato_cents=3, scoop_cents=15),
    "theremin": Sustained("saw", rolloff=2.6, attack_s=0.09, release_s=0.15, vibrato_cents=8,
                          vibrato_hz=6.0, scoop_cents=90),
    "fm_bell": Struck(ratios=(1, 2, 3.5, 5.4, 7.1, 9.0), amps=(1, 0.4, 0.5, 0.3, 0.25, 0.12),
                      ring_s=2.2, damp=0.5),
    "epiano": Struck(ratios=(1, 2, 3, 4, 7.2, 14.1), amps=(1, 0.35, 0.1, 0.12, 0.14, 0.08),
                     ring_s=2.8, damp=0.55, tremolo=0.07, tremolo_hz=4.6, attack_s=0.004),
    "pluck_synth": Struck(rolloff=1.0, ring_s=0.9, damp=0.45, twin_cents=4.0),
    "fm_bass": Struck(ratios=(1, 2, 3, 4, 5, 6), amps=(1, 0.7, 0.45, 0.25, 0.2, 0.1), ring_s=0.9,
                      damp=0.5),
    "acid_bass": Struck(rolloff=0.9, ring_s=0.8, damp=0.25, formants=((700.0, 180.0, 2.5),
                        (150.0, 150.0, 0.8)), attack_s=0.003),
    "sub_bass": Struck(ratios=(1, 2, 3), amps=(1, 0.2, 0.06), ring_s=1.6, damp=0.6, attack_s=0.004),
    "pad_warm": Sustained("saw", rolloff=1.9, detune_cents=_CHORUS, attack_s=0.35, release_s=0.6),
    "pad_glass": Sustained("triangle", rolloff=0.7, detune_cents=(-4, 4, 1203), attack_s=0.25,
                           release_s=0.7, tremolo=0.09, tremolo_hz=0.9),
    # keys and mallets
    "piano": Struck(rolloff=1.15, ring_s=3.2, damp=0.22, pluck=0.13, stiff=0.0004, twin_cents=0.6,
                    thump=0.04, thump_hz=(150, 1500), attack_s=0.003, release_s=0.1),
    "harpsichord": Struck(rolloff=0.75, ring_s=1.7, damp=0.09, pluck=0.11, stiff=0.0001,
                          thump=0.05, thump_hz=(1500, 6000)),
    "organ": Sustained("drawbars", attack_s=0.008, release_s=0.03, tremolo=0.05, tremolo_hz=6.2,
                       detune_cents=(-2, 2)),
    "church_organ": Sustained("saw", rolloff=1.35, detune_cents=(-3, 0, 1202),
                              attack_s=0.06, release_s=0.2, breath=0.01),
    "celesta": Struck(ratios=(1, 2.0, 3.0, 4.2, 6.3), amps=(1, 0.2, 0.25, 0.15, 0.06), ring_s=2.0,
                      damp=0.5, thump=0.02, thump_hz=(1500, 5000)),
    "music_box": Struck(ratios=(1, 2.0, 5.4, 6.8), amps=(1, 0.15, 0.35, 0.1), ring_s=2.4, damp=0.35,
                        thump=0.03, thump_hz=(2500, 7000)),
    "marimba": Struck(ratios=(1, 3.93, 9.2), amps=(1, 0.25, 0.08), ring_s=0.8, damp=0.8, thump=0.05,
                      thump_hz=(200, 1500)),
    "kalimba": Struck(ratios=(1, 2.0, 5.42, 9.1), amps=(1, 0.1, 0.2, 0.08), ring_s=1.6, damp=0.9,
                      thump=0.04, thump_hz=(500, 3000)),
    "vibraphone": Struck(ratios=(1, 4.0, 10.0), amps=(1, 0.25, 0.06), ring_s=3.5, damp=0.35,
                         tremolo=0.15, tremolo_hz=5.2),
    "steel_pan": Struck(ratios=(1, 2.0, 3.01, 4.1, 5.2), amps=(1, 0.7, 0.35, 0.2, 0.1), ring_s=1.4,
                        damp=0.35, twin_cents=2.0, attack_s=0.004),
    "tubular_bells": Struck(ratios=_BELL, amps=(0.25, 1, 0.5, 0.4, 0.6, 0.3, 0.2, 0.2, 0.1),
                            ring_s=4.5, damp=0.5),
    "gamelan": Struck(ratios=_BRONZE, amps=(1, 0.35, 0.35, 0.12, 0.15, 0.08), ring_s=4.5, damp=0.35,
                      thump=0.03, thump_hz=(800, 4000)),
    # plucked
    "guitar": Struck(rolloff=0.95, ring_s=2.0, damp=0.2, pluck=0.18, formants=_BODY, thump=0.03),
    "steel_guitar": Struck(rolloff=0.9, ring_s=3.0, damp=0.14, pluck=0.15, twin_cents=1.5,
                           thump=0.02, tremolo=0.04),
    "power_guitar": Sustained("saw", rolloff=0.85, detune_cents=(-4, 4), attack_s=0.004,
                              release_s=0.05, formants=((700, 500, 0.7), (1900, 900, 0.9),
                              (200, 200, 0.5)), settle=0.75, settle_s=0.4),
    "ukulele": Struck(rolloff=1.1, ring_s=1.0, damp=0.3, pluck=0.2, thump=0.04,
                      formants=((420, 200, 1.0), (900, 600, 0.6), (2500, 1500, 0.3))),
    "mandolin": Struck(rolloff=0.8, ring_s=1.1, damp=0.14, pluck=0.12, twin_cents=2.5, thump=0.05),
    "banjo": Struck(rolloff=0.7, ring_s=0.75, damp=0.2, pluck=0.09, thump=0.09,
                    thump_hz=(500, 4000), formants=((800, 500, 1.0), (2600, 1500, 0.6))),
    "oud": Struck(rolloff=0.8, ring_s=1.1, damp=0.25, pluck=0.17, twin_cents=3.0, thump=0.07,
                  formants=_BODY),
    "sitar": Struck(rolloff=0.8, ring_s=2.6, damp=0.08, pluck=0.09, buzz=0.35, twin_cents=1.0,
                    thump=0.03, thump_hz=(1000, 5000)),
    "tanpura": Struck(rolloff=1.0, ring_s=4.5, damp=0.04, pluck=0.33, buzz=1.0, twin_cents=1.0,
                      attack_s=0.02),
    "koto": Struck(rolloff=0.85, ring_s=1.5, damp=0.16, pluck=0.07, thump=0.04,
                   thump_hz=(800, 4000)),
    "dulcimer": Struck(rolloff=0.9, ring_s=1.8, damp=0.16, pluck=0.14, twin_cents=3.0, thump=0.05,
                       thump_hz=(800, 4000)),
    "harp": Struck(rolloff=1.4, ring_s=2.4, damp=0.3, pluck=0.4, attack_s=0.004),
    "upright_bass": Struck(rolloff=1.3, ring_s=1.1, damp=0.35, pluck=0.22, thump=0.08,
                           thump_hz=(80, 900), attack_s=0.006),
    "electric_bass": Struck(rolloff=1.1, ring_s=1.7, damp=0.3, pluck=0.16, thump=0.03,
                            attack_s=0.004),
    # bowed
    "strings": Sustained("saw", rolloff=1.25, detune_cents=(-3, -1, 1, 3), attack_s=0.12,
                         release_s=0.2, vibrato_cents=2, formants=_VIOLIN),
    "violin": Sustained("saw", rolloff=1.0, attack_s=0.05, release_s=0.08, vibrato_cents=4,
                        formants=_VIOLIN, scoop_cents=15, breath=0.006),
    "cello": Sustained("saw", rolloff=1.25, attack_s=0.07, release_s=0.12, vibrato_cents=2,
                       vibrato_hz=5.0, detune_cents=(-2, 2)),
    "erhu": Sustained("saw", rolloff=0.9, attack_s=0.06, vibrato_cents=6, scoop_cents=70,
                      formants=((700, 250, 1.0), (1500, 500, 0.6), (3000, 900, 0.3))),
    # brass
    "trumpet": Sustained("saw", rolloff=0.75, attack_s=0.03, swell_s=0.06, vibrato_cents=2,
                         formants=((1200, 900, 1.0), (2400, 1200, 0.4)), scoop_cents=12),
    "brass": Sustained("saw", rolloff=0.9, detune_cents=(-2, 2), attack_s=0.04, swell_s=0.1,
                       formants=((600, 500, 1.0), (1500, 1000, 0.5))),
    "horn": Sustained("saw", rolloff=1.5, attack_s=0.07, swell_s=0.12, release_s=0.12,
                      formants=((450, 350, 1.0), (900, 600, 0.3))),
    "tuba": Sustained("saw", rolloff=1.7, attack_s=0.03, release_s=0.06, settle=0.7, breath=0.01),
    # winds and reeds
    "flute": Sustained("saw", rolloff=2.2, attack_s=0.05, vibrato_cents=2, breath=0.05,
                       tremolo=0.04),
    "whistle": Sustained("sine", attack_s=0.02, vibrato_cents=2, breath=0.04, scoop_cents=15),
    "ney": Sustained("saw", rolloff=1.9, attack_s=0.08, vibrato_cents=4, breath=0.12,
                     scoop_cents=40),
    "shakuhachi": Sustained("saw", rolloff=2.2, attack_s=0.1, vibrato_cents=5, vibrato_hz=4.5,
                            breath=0.2, scoop_cents=80, release_s=0.2),
    "clarinet": Sustained("square", rolloff=1.15, attack_s=0.035, breath=0.01, scoop_cents=10,
                          formants=((700, 600, 1.0), (1700, 800, 0.5))),
    "oboe": Sustained("saw", rolloff=0.7, attack_s=0.03, vibrato_cents=2,
                      formants=((1100, 350, 1.0), (2900, 700, 0.5))),
    "saxophone": Sustained("saw", rolloff=0.95, attack_s=0.035, vibrato_cents=2, scoop_cents=35,
                           breath=0.025, formants=((650, 350, 1.0), (1300, 500, 0.6),
                           (2600, 900, 0.3))),
    "kazoo": Sustained("pulse", width=0.1, rolloff=0.7, attack_s=0.02, vibrato_cents=4,
                       formants=((900, 400, 1.0), (2800, 900, 0.8))),
    "harmonica": Sustained("pulse", width=0.3, detune_cents=(-2, 2), attack_s=0.03, tremolo=0.07,
                           scoop_cents=45, formants=((900, 700, 1.0), (2100, 900, 0.6))),
    "accordion": Sustained("pulse", width=0.3, rolloff=1.05, detune_cents=(-3, 0, 3),
                           attack_s=0.03),
    "bagpipe": Sustained("saw", rolloff=0.6, attack_s=0.015, release_s=0.02,
                         formants=((1000, 700, 1.0), (2200, 800, 0.7))),
    "didgeridoo": Sustained("saw", rolloff=1.5, attack_s=0.06, tremolo=0.06, tremolo_hz=3.0,
                            formants=((120, 150, 1.0), (1100, 250, 0.3)), breath=0.02),
    # voices
    "choir": Sustained("saw", rolloff=1.0, detune_cents=(-3, -1, 1, 3), attack_s=0.18,
                       release_s=0.3, formants=_VOICE_AH, vibrato_cents=2, breath=0.01),
    "voice": Sustained("saw", rolloff=1.0, attack_s=0.06, release_s=0.1, formants=_VOICE_OO,
                       vibrato_cents=5, scoop_cents=50, breath=0.015),
}  # fmt: skip
