"""What a track is called is shown, never obeyed."""

import pytest

from pages.parts.plain import plain, visible
from tests.hostile import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_sign_markdown_could_obey_is_escaped(name):
    shown = plain(name, 20_000)
    for i, sign in enumerate(shown):
        if sign in "!#$()*+-.:<>[]_`{|}~&":
            assert shown[i - 1] == "\\", shown[max(0, i - 9) : i + 9]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_line_of_bounded_length(name):
    line = visible(name, 80)
    assert len(line) <= 80
    assert line.isprintable()
    assert "\u202e" not in line


def test_text_in_any_script_stays():
    assert visible("ليلة في القاهرة") == "ليلة في القاهرة"
    assert visible("グリズリーに襲われたら♡") == "グリズリーに襲われたら♡"
