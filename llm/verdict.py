"""The countable end of a roast: an insult chain, a basic score with its rule, a stuck decade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.safety import clean_name
from llm.task import fill_in
from music.profile import Fact, TasteProfile

# Kind of fact -> what it adds to "your taste is ...-...-... bad"; placeholders as in the lines.
CHAIN: Final = {
    "one_song": ("play-it-again-until-it-confesses", "same-song-since-breakfast"),
    "one_artist": ("<artist>-or-nothing", "tour-bus-shaped"),
    "skips": ("gone-after-<seconds>-seconds", "one-foot-out-the-door"),
    "night": ("3-a-m-<genre>", "curtains-drawn-<genre>"),
    "phase": ("<days>-day-wonder", "we-do-not-mention-<month>"),
    "out_of_season": ("sleigh-bells-in-<month>", "december-all-year"),
    "busiest_day": ("has-nobody-called",),
    "never_played": ("saved-for-a-rainy-decade",),
    "unnamed_playlists": ("untitled-folder", "new-playlist-old-problems"),
    "saddest_playlist": ("no-really-i-am-fine", "cried-at-the-ferry"),
    "fast_calm": ("<bpm>-beats-of-inner-peace",),
    "neglected_effort": ("gym-bag-by-the-door", "starting-monday"),
    "versions": ("one-more-version", "acoustic-reprise"),
    "biggest_playlist": ("could-not-choose", "everything-drawer"),
    "owned_artist": ("third-single-defending",),
    "one_night_stands": ("never-called-back",),
    "one_genre": ("<genre>-and-sons",),
    "many_genres": ("one-of-everything",),
    "famous": ("supermarket-aisle", "radio-in-a-rental-car"),
    "obscure": ("you-would-not-know-them", "seven-monthly-listeners"),
    "stuck_years": ("still-<from>-in-here", "flip-phone"),
    "nothing_new": ("curtains-from-<year>",),
    "only_new": ("born-yesterday",),
    "oldest": ("grandfather-clock",),
    "live_versions": ("clapping-at-home",),
    "remasters": ("freshly-dusted",),
    "remixes": ("wrong-speed",),
    "long_title": ("title-longer-than-the-song",),
    "sad": ("rained-on-cardigan",),
    "happy": ("suspiciously-cheerful",),
    "fast": ("late-for-something",),
    "slow": ("falling-asleep-standing",),
    "loud": ("no-indoor-voice",),
    "gentle": ("please-do-not-wake-the-synth",),
    "acoustic": ("man-on-a-stool",),
    "wordless": ("dinner-in-silence",),
    "minor": ("everything-in-d-minor",),
    "major": ("bank-jingle",),
    "short": ("over-before-it-began",),
    "long": ("bring-a-sandwich",),
    "explicit": ("turn-it-down-there-are-children",),
    "in_a_row": ("one-more-time-then-bed", "stuck-on-<track>"),
    "top_ten": ("ten-songs-and-a-hallway",),
    "left_artist": ("never-wrote-to-<artist>", "left-in-<month>"),
    "one_hit": ("only-came-for-<track>",),
    "skipped_song": ("opens-fridge-closes-fridge",),
    "silence": ("gone-for-milk",),
    "small_hours": ("up-with-the-bakers", "fox-schedule"),
    "weekday": ("what-is-wrong-with-your-<day>",),
    "new_year": ("started-<year>-like-that",),
    "twins": ("same-playlist-with-glasses",),
    "lone_track": ("playlist-of-one", "song-with-a-coat-on"),
    "everywhere": ("<track>-on-everything",),
    "sad_party": ("balloons-came-down",),
    "sequels": ("part-two-of-the-same-mistake",),
    "disclaimer": ("explains-itself-in-brackets", "nobody-asked"),
    "added_spree": ("panic-bought",),
    "whiplash": ("no-handrail", "fell-down-the-stairs-with-a-tray"),
    "love_titles": ("in-love-with-the-word",),
    "hurt_titles": ("sorry-goodbye-sorry",),
    "questions": ("what-was-the-question",),
    "shouting": ("caps-lock",),
    "same_title": ("<n>-songs-one-idea",),
    "album_whole": ("kept-the-box",),
    "guilty_genre": ("fondue-set", "<genre>-when-nobody-is-in"),
    "odd_couple": ("<genre>-upstairs-<other>-downstairs",),
    "same_tempo": ("<bpm>-forever", "conveyor-belt"),
    "missing_decade": ("slept-through-the-<decade>",),
    "track_plays": ("licked-the-lid",),
    "track_unplayed": ("still-in-the-wrapper",),
    "track_left": ("out-by-the-intro",),
    "track_lists": ("buttered-on-everything",),
    "track_year": ("wrong-conference",),
    "track_famous": ("hummed-by-parking-meters",),
    "track_obscure": ("drummers-mother",),
    "track_alone": ("left-before-the-menu",),
    "track_there": ("just-there-like-a-stool",),
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What can be counted.

    Parameters
    ----------
    chain
        The insult, hyphenated, without "bad".
    basic
        How basic, in percent, or None where popularity is unknown.
    rule
        How `basic` was counted, in a sentence.
    stuck
        Where the listener is stuck, ``"2006 to 2009"``, or "".
    """

    chain: str
    basic: int | None
    rule: str
    stuck: str

    def sentences(self) -> list[str]:
        """The verdict in sentences; empty where there is nothing to judge."""
        if not self.chain:
            return []
        said = [f"The verdict: your taste is {self.chain} bad."]
        if self.basic is not None:
            said.append(f"You are {self.basic} % basic.")
        if self.stuck:
            said.append(f"You are stuck in {self.stuck}.")
        return [" ".join(said)]


def verdict(profile: TasteProfile, facts: Sequence[Fact], rng: np.random.Generator) -> Verdict:
    """Judge by the facts that were told, and by the numbers of the whole library."""
    links = [_link(fact, rng) for fact in facts[:3] if fact.kind in CHAIN]
    years = profile.of_kind("stuck_years")
    stuck = f"{years[0].values['from']} to {years[0].values['to']}" if years else ""
    basic, rule = profile.basic
    return Verdict("-".join(links), basic, rule, stuck)


def _link(fact: Fact, rng: np.random.Generator) -> str:
    options = CHAIN[fact.kind]
    text = options[int(rng.integers(len(options)))]
    values = {name: clean_name(value) for name, value in fact.values.items()}
    words = re.sub(r"[\W_]+", "-", fill_in(text, values).casefold())
    return words.strip("-")[:60].rstrip("-")
