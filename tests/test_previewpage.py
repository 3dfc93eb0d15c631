"""Served copies: the published page and what the preview adds, allowed by hash and nothing more."""

from __future__ import annotations

import json
import re

from mapgen.errors import Position, Problem
from mapgen.page import source_hash
from mapgen.previewpage import ASSETS, POLICY, WORDS, Served, describe, read_assets, serve_pages, waiting_page
from tests.projects import default_edition

TOKEN = "a-token-of-this-run"


def _policy(page: str) -> dict[str, list[str]]:
    found = POLICY.search(page)
    assert found is not None
    return {(words := part.split())[0]: words[1:] for part in found[1].split("; ")}


def _copies() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    pages = default_edition().pages
    copies, versions = serve_pages(pages, TOKEN)
    return pages, {name: copy.decode("utf-8") for name, copy in copies.items()}, versions


def test_a_copy_is_the_published_page_with_additions_only() -> None:
    pages, copies, versions = _copies()
    style, script = read_assets()
    for name, page in pages.items():
        copy = copies[name].replace(f"<style>{style}</style>\n</head>", "</head>")
        data = re.search(r'<script type="application/json" id="preview-data">(.*)</script>\n', copy)
        assert data is not None
        copy = copy.replace(data[0], "").replace(f"<script>{script}</script>\n", "")
        copy = copy.replace(f" {source_hash(script)}", "").replace(f" {source_hash(style)}", "")
        assert copy.replace("; connect-src 'self'", "") == page
        said = json.loads(data[1])
        assert (said["page"], said["version"], said["token"]) == (name, versions[name], TOKEN)


def test_the_policy_of_a_copy_allows_what_was_added_and_the_preview_itself() -> None:
    pages, copies, _ = _copies()
    style, script = read_assets()
    for name, page in pages.items():
        before, after = _policy(page), _policy(copies[name])
        assert after.pop("connect-src") == ["'self'"]
        assert set(after["script-src"]) - set(before["script-src"]) == {source_hash(script)}
        assert set(after["style-src"]) - set(before["style-src"]) == {source_hash(style)}
        assert {key: value for key, value in after.items() if key not in ("script-src", "style-src")} == {
            key: value for key, value in before.items() if key not in ("script-src", "style-src")
        }


def test_nothing_of_the_preview_is_in_a_published_page() -> None:
    for page in default_edition().pages.values():
        assert "preview" not in page.lower()
        assert "connect-src" not in page
        assert "EventSource" not in page
        assert WORDS["add"] not in page


def test_a_version_tells_pages_and_runs_apart() -> None:
    page = next(iter(default_edition().pages.values()))
    other = page.replace("<title>", "<title>Another ", 1)
    versions = [
        serve_pages({"map.html": text}, token)[1]["map.html"]
        for text, token in ((page, "a"), (page, "a"), (other, "a"), (page, "b"))
    ]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_the_waiting_page_has_a_policy_as_tight() -> None:
    page = waiting_page(TOKEN).decode("utf-8")
    style, script = read_assets()
    policy = _policy(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == [source_hash(script)]
    assert policy["style-src"] == [source_hash(style)]
    assert policy["connect-src"] == ["'self'"]
    assert "No map yet" in page


def test_problems_are_told_as_text() -> None:
    problems = (Problem(Position("data/a.yaml", 3, 9), "a <b> and \u202e"), Problem(None, "b"))
    told = describe(problems)
    assert told == [{"at": "data/a.yaml:3:9", "text": "a <b> and \\u202e"}, {"at": "", "text": "b"}]
    assert Served({}, {"map.html": "v"}, problems).event() == {
        "versions": {"map.html": "v"},
        "problems": told,
    }


def test_the_scripts_ask_nobody_but_the_preview_and_use_all_their_words() -> None:
    scripts = {path.name: path.read_text("utf-8") for path in sorted((ASSETS / "preview").glob("*.js"))}
    asked = [
        call for text in scripts.values() for call in re.findall(r"\b(?:fetch|EventSource)\(([^,)]*)", text)
    ]
    assert sorted(asked) == ['preview.path + "events"', "preview.path + action"]
    everything = "\n".join(scripts.values())
    assert not re.search(r"XMLHttpRequest|WebSocket|sendBeacon|\bimport\(|https?:", everything)
    used = set(re.findall(r"\bwords\.(\w+)", everything))
    assert used == set(WORDS)
