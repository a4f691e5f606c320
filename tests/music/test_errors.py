"""One family of errors: callers catch broadly or narrowly."""

from datetime import UTC, datetime

import pytest

from music import errors

FAMILY = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.__name__)
def test_everything_raised_on_purpose_can_be_caught_broadly(error):
    with pytest.raises(errors.GhostnotesError, match="one plain sentence"):
        raise error("one plain sentence")


def test_what_spotify_says_is_caught_as_one():
    narrow = {e for e in FAMILY if issubclass(e, errors.SpotifyError)} - {errors.SpotifyError}
    assert {e.__name__ for e in narrow} == {
        "SignInError", "ForbiddenError", "UncertainError", "RateLimitedError",
    }  # fmt: skip


def test_a_rate_limit_says_until_when():
    until = datetime(2026, 11, 20, 18, 4, tzinfo=UTC)
    assert errors.RateLimitedError("wait", until).until == until
