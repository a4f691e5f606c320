"""Who the demo library belongs to, and the twelve vices planted in it.

========  =====================================================================
1         one song 212 times
2         sea shanties at 3 a.m.
3         a playlist "gym (real this time)" with 4 plays
4         "new playlist (2)" to "new playlist (7)"
5         one artist is 41 % of all plays
6         a third of plays skipped after about 12 s
7         stuck in 2006-2009
8         Christmas songs in July
9         a playlist "i'm fine" that is the saddest thing in the library
10        nine versions of one song
11        a playlist "deep focus" that averages 174 BPM
12        nine days of bagpipe techno, never again
========  =====================================================================
"""

from __future__ import annotations

from typing import Final

import pandas as pd

NAME: Final = "Ebba Quaye-Lund"

FIRST_DAY: Final = pd.Timestamp("2024-10-01", tz="UTC")
N_DAYS: Final = 730  # up to and including 2026-09-30
N_PLAYS: Final = 17_200

# 1
THE_SONG: Final = "I Saw Your Car"
N_THE_SONG: Final = 212
THE_NIGHT: Final = pd.Timestamp("2025-11-14 21:04", tz="UTC")  # 31 of them, in a row
N_THE_NIGHT: Final = 31

# 2
NIGHT_SCENE: Final = "shanty"
N_NIGHT_PLAYS: Final = 190

# 3
GYM: Final = "gym (real this time)"
N_GYM_PLAYS: Final = 4
GYM_DAY: Final = pd.Timestamp("2026-01-05 06:41", tz="UTC")

# 4
NEW_PLAYLISTS: Final = tuple(f"new playlist ({n})" for n in range(2, 8))

# 5
THE_SCENE: Final = "top"  # holds one band, Municipal Swimming Pool
THE_SHARE: Final = 0.41

# 6
SKIP_SHARE: Final = 1 / 3
SKIP_AFTER_S: Final = 12.0

# 7
THE_YEARS: Final = (2006, 2009)
BEST_YEARS_LOVE: Final = 2.6  # how much more she plays what came out then

# 8
XMAS_SCENE: Final = "christmas"
N_XMAS_JULY: Final = 64
N_XMAS_DECEMBER: Final = 3

# 9
SAD_PLAYLIST: Final = "i'm fine"

# 10
THE_VERSIONS: Final = (
    "Deep End",
    "Deep End - Live at the Shallow End",
    "Deep End - 2016 Remaster",
    "Deep End - Acoustic",
    "Deep End - Demo (Kitchen, 2005)",
    "Deep End - Radio Edit",
    "Deep End - Sped Up",
    "Deep End - Slowed + Reverb",
    "Deep End - Karaoke Version",
)

# 11
FOCUS_PLAYLIST: Final = "deep focus"
FOCUS_SCENE: Final = "drum-and-bass"
FOCUS_TEMPO_BPM: Final = 174.0

# 12
PHASE_SCENE: Final = "bagpipe-techno"
PHASE_FIRST_DAY: Final = pd.Timestamp("2025-03-08", tz="UTC")
PHASE_DAYS: Final = 9
N_PHASE_PLAYS: Final = 143
