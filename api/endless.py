"""Endless music over HTTP: a WAV file without an end, for any player that can open an address.

    /api/endless.wav?say=rainy+tokyo+night&say=zen+garden

wanders slowly between the two and back. Listeners of the same address share one render.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from music.errors import BusyError, GhostnotesError

if TYPE_CHECKING:  # a server starts without the studio
    from studio.radio import Seat

PATH: Final = "/api/endless.wav"
MAX_VIBES: Final = 8


class _Stream(StreamingResponse):
    """A response that gives its seat up however it ends, even before its first byte."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(
            seat,
            media_type="audio/wav",
            headers={"Cache-Control": "no-store", "Accept-Ranges": "none"},
        )
        self._seat = seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._seat.close()


def endless_router() -> APIRouter:
    """The route of the stream."""
    router = APIRouter()

    @router.get(PATH, response_model=None)
    def endless(
        say: Annotated[list[str], Query(max_length=MAX_VIBES)] = [],  # noqa: B006
        vibe: Annotated[list[str], Query(max_length=MAX_VIBES)] = [],  # noqa: B006
        seed: Annotated[int, Query(ge=0, le=9_999)] = 0,
    ) -> Response:
        """Play for ever: sentences (``say=``) or vibes as links carry them (``vibe=``), in turn."""
        from studio.radio import pieces
        from studio.services import radio

        try:
            return _Stream(radio().listen(pieces(say, vibe, seed), seed))
        except BusyError as error:
            return JSONResponse({"detail": str(error)}, 503, {"Retry-After": "60"})
        except GhostnotesError as error:
            return JSONResponse({"detail": str(error)}, 422)

    return router
