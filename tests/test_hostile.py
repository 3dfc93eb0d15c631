"""Hostile text the whole way: written into every field of a project's files, built, opened in a browser.

One project for each string, with the string in all fields that take free text. It is shown as it was written,
control characters as visible signs, or the build refuses it with ``file:line:column``. Fields that take no
free text are tried one by one: each refuses, and says where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import mapgen
from mapgen.errors import InputError
from mapgen.page import visible
from tests.browser import open_page, start_browser
from tests.projects import write_project

RUN = "window.ran=1"
HOSTILE = {
    "script": f"<script>{RUN}</script>",
    "end of script": f"</script><script>{RUN}</script>",
    "end of style and title": f"</style></title></textarea><script>{RUN}</script>",
    "image": f"<img src=x onerror={RUN}>",
    "svg": f"<svg><animate onbegin='{RUN}' attributeName=x dur=1s>",
    "frame": f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "style sheet": "<link rel=stylesheet href=//evil.test/x.css><style>@import '//evil.test/y.css';</style>",
    "base and refresh": "<base href=//evil.test/><meta http-equiv=refresh content='0;url=//evil.test/'>",
    "attribute": f"\" onmouseover=\"{RUN}\" autofocus onfocus='{RUN}' style='background:url(//evil.test)'",
    "template literal": f"${{{RUN}}} ${{alert(1)}}",
    "backticks": f"`${{{RUN}}}` `",
    "jinja expression": "{{7*7}} {{ cycler.__init__.__globals__ }} {# no #}",
    "jinja statement": "{% raw %} {% for x in y %} {% include 'page.html.jinja2' %}",
    "javascript": f"javascript:{RUN}",
    "data": f"data:text/html,<script>{RUN}</script>",
    "spaced javascript": f" java\tscript:{RUN}//https://example.org",
    "separators": f"a\u2028{RUN}\u2029b",
    "override": "safe\u202egpj.exe\u2066 \u200f",
    "nul": f"a\x00<script\x00>{RUN}",
    "control": "a\x07\x1b[31mb\x7f\x85",
    "double quote": '"',
    "single quote": "'",
    "backslash": "\\",
    "escapes": "\\u003cscript\\u003e \\x3c %3Cscript%3E \\",
    "end of data": "]]> <![CDATA[ -->",
    "comment": "<!-- --!> <!--<script>",
    "entities": "&lt;script&gt; &amp;amp; &#60;b&#62; &quot; &nbsp",
    "formula": "=HYPERLINK(\"//evil.test\",\"x\")",
    "long": "W" * 50_000 + " Lorem" * 8_334,
    "combining": "Z" + "\u0300\u0323" * 400,
    "persian": "خلیج\u200cفارس و آسیای میانه",
}  # fmt: skip

REFUSED: set[str] = set()
"""All of them are shown; a string that is refused one day belongs here."""

SOURCE = ("title", "publisher", "author", "archive_hash", "license", "note", "carries")
ADDRESSES = ("url", "archive_url")


class _Texts(dict[str, str]):
    """Hands out the hostile text with the field's name behind it, so that each is found by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def __call__(self, field: str) -> str:
        return self.setdefault(field, f"{self.text}[{field}]")


def _square(west: float) -> dict[str, Any]:
    east = west + 4
    return {"type": "Polygon", "coordinates": [[[west, 40], [east, 40], [east, 44], [west, 44], [west, 40]]]}


def _write(folder: Path, texts: _Texts) -> Path:
    """Write a project whose every free text is hostile, those in its boundary file too."""
    # Texts with NUL end there for GDAL.
    column = "name" if "\0" in texts.text else texts("column")
    own = [
        {
            "type": "Feature",
            "properties": {"code": code, column: "A name" if column == "name" else texts(code)},
            "geometry": _square(west),
        }
        for code, west in (("AAA", 10), ("BBB", 14))
    ]
    area = {"type": "Feature", "properties": {"name": texts("area")}, "geometry": _square(13)}
    claim = {
        "claim": texts("claim"),
        "quote": texts("quote"),
        "quote_translation": texts("translation"),
        "quote_translator": texts("translator"),
        "speaker": {"name": texts("speaker"), "role": texts("role")},
        "analyst": texts("analyst"),
        "note": texts("note"),
        "where": [
            {"border": ["AAA", "BBB"], "label": texts("border")},
            {"route": ["AAA", "BBB"], "label": texts("route")},
            {"territory": "AAA"},
            {"area": "area.geojson"},
        ],
        "asserts": [{"shares_border": ["AAA", "BBB"]}],
        "supports": "claim-2",
    }
    write_project(
        folder,
        [claim, {"claim": texts("second"), "where": {"territory": "BBB"}}],
        title=texts("project's title"),
        lead=texts("project's lead"),
        credit=texts("credit"),
        territories=["AAA"],
        boundaries="own.geojson",
        code_column="code",
        name_column=column,
        layers=[{"name": "claims", "title": texts("layer"), "description": texts("description")}],
        maps=[{"name": "one", "title": texts("title")}, {"name": "two", "lead": texts("other lead")}],
        publications=[
            {
                "id": "report",
                **{key: texts(f"source {key}") for key in SOURCE},
                **dict.fromkeys(ADDRESSES, texts.text),
            }
        ],
    )
    for name, features in (("own", own), ("area", [area])):
        collection = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(collection))
    return folder


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_as_it_was_written_or_refused(
    tmp_path: Path, browser: Browser, name: str
) -> None:
    texts = _Texts(HOSTILE[name])
    folder = _write(tmp_path / "project", texts)
    try:
        [path, _] = mapgen.load(folder).build(tmp_path / "output")
    except InputError as refusal:
        for problem in refusal.problems:
            assert re.match(r"[a-z.]+:\d+:\d+$", str(problem.position)), problem
        assert name in REFUSED
        return
    assert name not in REFUSED
    shown = [text for field, text in texts.items() if field not in ("column", "other lead")]
    _assert_shown(browser, path, shown, texts.text)


def _assert_shown(browser: Browser, path: Path, texts: list[str], address: str) -> None:
    with open_page(browser, path) as opened:
        opened.wait_until_drawn()
        page = opened.page
        for selector in ("button.head", "[data-claim]", ".fold", ".legend summary", "h1"):
            element = page.query_selector(selector)
            if element and element.is_visible():
                element.hover(force=True)
                element.dispatch_event("click")
        shown = page.evaluate("() => document.body.textContent")
        linked = page.evaluate("() => [...document.links].map((link) => link.getAttribute('href'))")
        assert page.evaluate("() => window.ran") is None
        assert page.evaluate("() => document.documentElement.dataset.mapgen") == "ready"
        opened.assert_quiet()
    assert [text[-60:] for text in texts if visible(text) not in shown] == []
    assert shown.count(visible(address)) >= len(texts) + len(ADDRESSES)
    assert all(href.startswith(("#", "one.html", "two.html")) for href in linked), linked


def test_jinja_is_never_evaluated_while_building(tmp_path: Path) -> None:
    texts = _Texts("{{7*7}} {{ 'a' ~ 'b' }}")
    pages = mapgen.load(_write(tmp_path, texts)).maps()
    assert all("49[" not in page.html and "ab[" not in page.html for page in pages)


# ---- fields that take no free text

STRICT = ("script", "jinja expression", "override", "single quote", "long")

PROJECT_FIELDS = {
    "territories": lambda text: [text],
    "context": lambda text: text,
    "context list": lambda text: [text],
    "worldview": lambda text: text,
    "projection": lambda text: text,
    "language": lambda text: text,
    "as_of": lambda text: text,
    "boundaries": lambda text: text,
    "sources": lambda text: text,
    "annotations": lambda text: text,
    "layers": lambda text: [{"name": text, "title": "x"}],
    "maps": lambda text: [{"name": text}],
    "extent": lambda text: [{"name": "x", "extent": [text, 1, 2, 3]}],
}
CLAIM_FIELDS = {
    **{
        key: {key: "{}"}
        for key in (
            *("id", "layer", "source", "quote_language", "date", "source_reliability", "info_credibility"),
            *("likelihood", "analytic_confidence", "status", "where_precision", "supersedes", "supports"),
            *("contradicts", "asserts", "speaker", "where"),
        )
    },
    **{
        f"where {kind}": {"where": {kind: "{}"}}
        for kind in ("border", "route", "relation", "territory", "place", "point", "area")
    },
    "a stop": {"where": {"route": ["LIE", "{}"]}},
    "an end": {"where": {"relation": ["LIE", "{}"]}},
    "an area's path": {"where": {"area": "{}.geojson"}},
    "a pair": {"asserts": [{"shares_border": ["LIE", "{}"]}]},
    "a side": {"asserts": [{"borders_on": {"territory": "LIE", "side": "{}", "with": ["CHE"]}}]},
    "a key": {"{}": "x"},
    "a speaker's key": {"speaker": {"{}": "x"}},
}
SOURCE_FIELDS = ("id", "date", "accessed", "{}")


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {_filled(key, text): _filled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, text) for each in value]
    return value.replace("{}", text) if isinstance(value, str) else value


def _assert_refused(folder: Path, file: str) -> None:
    """Fail unless the project is refused, with a place in a file, in words that fit on a screen."""
    with pytest.raises(InputError) as caught:
        mapgen.load(folder).maps()
    lines = str(caught.value).splitlines()
    assert any(re.match(rf"{re.escape(file)}(:\d+:\d+)?: ", line) for line in lines), lines
    for line in lines:
        assert len(line) < 700, line
        assert all(character.isprintable() for character in line), line


@pytest.mark.parametrize("name", STRICT)
@pytest.mark.parametrize("field", PROJECT_FIELDS)
def test_keys_of_the_project_refuse_what_they_do_not_know(tmp_path: Path, field: str, name: str) -> None:
    key = {"context list": "context", "extent": "maps"}.get(field, field)
    write_project(tmp_path, **{key: PROJECT_FIELDS[field](HOSTILE[name])})
    _assert_refused(tmp_path, "mapgen.yaml")


@pytest.mark.parametrize("name", STRICT)
@pytest.mark.parametrize("field", CLAIM_FIELDS)
def test_keys_of_a_claim_refuse_what_they_do_not_know(tmp_path: Path, field: str, name: str) -> None:
    write_project(tmp_path, [_filled(CLAIM_FIELDS[field], HOSTILE[name])])
    _assert_refused(tmp_path, "claims.yaml")


@pytest.mark.parametrize("name", STRICT)
@pytest.mark.parametrize("field", SOURCE_FIELDS)
def test_keys_of_a_source_refuse_what_they_do_not_know(tmp_path: Path, field: str, name: str) -> None:
    text = HOSTILE[name]
    source = {"id": "report", "title": "A report", **_filled({field: "x" if field == "{}" else text}, text)}
    write_project(tmp_path, publications=[source])
    _assert_refused(tmp_path, "sources.yaml")
