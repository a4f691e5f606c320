"""Sign-in with Spotify over HTTP: two redirects, two cookies, no code left in the address bar.

The first cookie ties the answer to the browser that asked, for ten minutes. The second is a
random visitor id under which the tokens lie on the server. Scripts can read neither.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Cookie, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.docs import page
from library.auth import PENDING_S, READ_SCOPES, WRITE_SCOPES
from music.errors import ForbiddenError, GhostnotesError, InputError, SignInError, SpotifyError
from studio.settings import VISITOR_COOKIE

if TYPE_CHECKING:  # loads pandas, sqlalchemy and spotipy; a server starts without them
    from library.spotify_service import SpotifyService

PENDING_COOKIE: Final = "ghostnotes_sign_in"
VISITOR_S: Final = 182 * 86_400  # as long as Spotify lets a sign-in last

Visitor = Annotated[str | None, Cookie(alias=VISITOR_COOKIE)]


def sign_in_router(
    service: Callable[[], SpotifyService], public_url: str, after: str = "/"
) -> APIRouter:
    """The routes of the sign-in; see `api.app.create_api` for the parameters."""
    router = APIRouter()

    @router.get("/spotify/sign-in", response_model=None)
    def sign_in(request: Request, write: bool = False) -> Response:
        """Send the browser to Spotify; ``write=1`` also asks to make playlists."""
        home = public_url or _loopback(request)
        if not home:
            return _problem(
                f"Open Ghostnotes at http://127.0.0.1:{request.url.port or 80} to sign in: "
                "Spotify sends nobody back to this address. On a server for others, whoever runs "
                "it sets GHOSTNOTES_PUBLIC_URL."
            )
        if not public_url and request.url.hostname == "localhost":  # cookies do not cross
            return RedirectResponse(f"{home}/spotify/sign-in?write={int(write)}", 307)
        scopes = (*READ_SCOPES, *WRITE_SCOPES) if write else READ_SCOPES
        try:
            begun = service().sign_in.begin(f"{home}/callback", scopes)
        except GhostnotesError as error:
            return _problem(str(error))
        answer = RedirectResponse(begun.url, 302, {"Cache-Control": "no-store"})
        _set(answer, PENDING_COOKIE, begun.cookie, home, int(PENDING_S), "/callback")
        return answer

    @router.get("/callback", response_model=None)
    def callback(
        request: Request,
        code: str = "",
        state: str = "",
        error: str = "",
        pending: Annotated[str, Cookie(alias=PENDING_COOKIE)] = "",
        before: Visitor = None,
    ) -> Response:
        """Take Spotify's answer and set the visitor's cookie."""
        spotify = service()
        try:
            visitor = spotify.sign_in.finish(pending, state, code, error)
        except InputError as refusal:
            return _problem(str(refusal))
        except SpotifyError as refusal:
            return _problem(str(refusal), 403)
        if problem := _first_look(spotify, visitor):
            spotify.sign_out(visitor)
            return _problem(problem, 403)
        if before:
            spotify.sign_out(before)
        home = public_url or _loopback(request)
        answer = RedirectResponse(after, 303, {"Cache-Control": "no-store"})
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.delete_cookie(PENDING_COOKIE, path="/callback")
        _set(answer, VISITOR_COOKIE, visitor, home, VISITOR_S, "/")
        return answer

    @router.get("/api/spotify", response_model=None)
    def connection(visitor: Visitor = None) -> Response:
        """Where this browser stands with Spotify."""
        stands = service().connection(visitor)
        fields: dict[str, Any] = {
            "state": stands.state,
            "name": stands.name,
            "may_write": stands.may_write,
            "calls_today": stands.calls_today,
            "calls_a_day": stands.calls_a_day,
            "paused_until": stands.paused_until and stands.paused_until.isoformat(),
            "synced_at": stands.synced_at and stands.synced_at.isoformat(),
        }
        return JSONResponse(fields, headers={"Cache-Control": "no-store"})

    @router.post("/spotify/sign-out", response_model=None)
    def sign_out(request: Request, visitor: Visitor = None) -> Response:
        """Forget this browser's sign-in; the library stays."""
        if not _is_ours(request):
            return _problem("This request came from another site.")
        if visitor:
            service().sign_out(visitor)
        return _gone()

    @router.post("/spotify/disconnect", response_model=None)
    def disconnect(request: Request, visitor: Visitor = None) -> Response:
        """Delete everything that came from Spotify, and the sign-in."""
        if not _is_ours(request):
            return _problem("This request came from another site.")
        if visitor:
            with suppress(SignInError):  # nothing there: that is what was asked for
                service().disconnect(visitor)
        return _gone()

    return router


def _first_look(spotify: SpotifyService, visitor: str) -> str:
    """Why this account cannot use the app, or "": Spotify says so only after the sign-in."""
    try:
        spotify.me(visitor)
    except ForbiddenError as error:
        return str(error)
    except SpotifyError:
        return ""  # busy or paused: the sign-in is good, the name comes later
    return ""


def _loopback(request: Request) -> str:
    """Our address on this machine as Spotify accepts it; "" if we were not reached there."""
    host, port = request.url.hostname, request.url.port
    literal = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "[::1]"}.get(host or "")
    return f"http://{literal}:{port or 80}" if literal else ""


def _is_ours(request: Request) -> bool:
    """Whether a POST came from our own pages, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _set(answer: Response, name: str, value: str, home: str, max_age_s: int, path: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=path,
        httponly=True,
        samesite="lax",
        secure=home.startswith("https://"),
    )


def _gone() -> Response:
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(VISITOR_COOKIE, path="/")
    return answer


def _problem(sentence: str, status: int = 400) -> Response:
    body = f'<p>{escape(sentence)}</p><p><a href="/">Back to Ghostnotes</a></p>'
    return page("Not signed in", body, status)
