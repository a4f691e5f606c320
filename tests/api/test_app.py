"""The API answers for itself, in plain pages that load nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.app import create_api, mounted
from api.routes import routes


def test_health():
    assert TestClient(create_api()).get("/api/health").json() == {"status": "ok"}


def test_the_documentation_loads_nothing_from_elsewhere():
    answer = TestClient(create_api()).get("/api/docs")
    assert answer.status_code == 200
    assert "GET /api/health" in answer.text
    assert "<script" not in answer.text
    assert not re.findall(r'(?:src|href)="(?!/)', answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_usual_pages_with_foreign_scripts_are_not_there(path):
    assert TestClient(create_api()).get(path).status_code == 404


def test_it_describes_itself():
    schema = TestClient(create_api()).get("/api/openapi.json").json()
    assert schema["info"]["title"] == "Ghostnotes"
    assert all(op.get("description") for path in schema["paths"].values() for op in path.values())


def test_inside_another_application_paths_stay(town):
    inner = create_api(lambda: town.service)
    own = Route("/", lambda request: PlainTextResponse("dashboard"))
    client = TestClient(Starlette(routes=[*mounted(inner), own]))
    assert client.get("/").text == "dashboard"
    assert client.get("/api/health").json() == {"status": "ok"}
    assert client.get("/api/spotify").json()["state"] == "signed out"
    assert client.get("/callback").status_code == 400
    assert client.post("/spotify/sign-out", follow_redirects=False).status_code == 303


def test_the_routes_beside_the_dashboard():
    client = TestClient(Starlette(routes=routes()))
    assert client.get("/api/health").status_code == 200
    assert client.get("/callback").status_code == 404
