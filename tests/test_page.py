"""The page as text: what is sealed, what is escaped, what is joined. Nothing here opens a browser."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mapgen import inlining
from mapgen import page as pages
from mapgen.page import (
    ClaimView,
    DisputedName,
    FooterView,
    LayerView,
    LegendEntry,
    MapLink,
    OutcomeView,
    Page,
    PlacementView,
    RelatedView,
    SourceView,
    TerritoryName,
    join_modules,
    json_block,
    link,
    render_page,
    visible,
)

FRAGMENT = '<div class="map" id="map"></div>'
MODULES = Path(pages.__file__).parent / "assets" / "js"
# What a page may have and another one not; main.js does not import them.
FEATURES = sorted(
    path.stem
    for path in MODULES.glob("*.js")
    if re.search(r"^register\(", path.read_text("utf-8"), re.MULTILINE)
)

HOSTILE = {
    "script": "<script>window.ran = 1</script>",
    "end of script": "</script><script>window.ran = 1</script>",
    "end of style": "</style><script>window.ran = 1</script>",
    "end of title": "</title></textarea><img src=x onerror='window.ran = 1'>",
    "image": "<img src=x onerror=window.ran=1>",
    "svg": "<svg onload=window.ran=1>",
    "attribute": "\" onmouseover=\"window.ran=1\" autofocus onfocus='window.ran=1' x='",
    "comment": "<!-- --!> <![CDATA[ ]]>",
    "template literal": "${window.ran = 1} `${alert(1)}`",
    "jinja": "{{7*7}} {% raw %} {# no #} {{ ''.__class__ }}",
    "javascript": "javascript:window.ran=1",
    "data": "data:text/html,<script>window.ran=1</script>",
    "entities": "&lt;script&gt; &amp; &#60;b&#62; &quot;",
    "escapes": "\\u003cscript\\u003e \\x3c %3Cscript%3E",
    "line separator": "before\u2028after\u2029end",
    "override": "abc\u202edcba",
    "nul": "a\x00b\x07c\x1bd\x7fe\x85f",
    "surrogate": "a\ud800b",
    "long": "Lorem" * 20_000,
    "breaks": "one\r\ntwo\tthree",
}


def _page(text: str = "plain text", **changes: object) -> Page:
    """Return a page with `text` in every field that takes free text."""
    own = {field.name: text for field in dataclasses.fields(SourceView) if field.name != "id"}
    claim = ClaimView(
        id="first",
        number=1,
        layer=0,
        claim=text,
        source_id="source",
        source_title=text,
        quote=text,
        quote_language=text,
        quote_translation=text,
        quote_translator=text,
        speaker_name=text,
        speaker_role=text,
        date=text,
        source_date=text,
        grades=text,
        likelihood=text,
        confidence=text,
        placements=(PlacementView(text=text, precision=text, schematic=True),),
        outcomes=(OutcomeView(result="partly", sentence=text),),
        note=text,
        analyst=text,
        related=(RelatedView(relation="supports", id="second", number=2, text=text),),
    )
    page = Page(
        title=text,
        lead=text,
        language=text,
        maps=(MapLink(title=text, href="this.html", current=True), MapLink(title=text, href="other.html")),
        layers=(LayerView(name="layer", title=text, description=text),),
        claims=(claim, dataclasses.replace(claim, id="second", number=2, related=())),
        sources=(SourceView(id="source", **own),),
        legend=(LegendEntry(kind="border-agreed", text=text),),
        footer=FooterView(
            worldview=text,
            dataset=text,
            as_of=text,
            projection=text,
            disclaimer=text,
            credit=text,
            made_with=text,
        ),
        territories=(TerritoryName(code="AAA", name=text),),
        cities=(text,),
        disputed=(DisputedName(name=text, label=text),),
    )
    return dataclasses.replace(page, **changes)


class _Reader(HTMLParser):
    """Collects elements, attributes and text as a browser would."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def _elements(text: str, name: str) -> list[str]:
    return re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_the_policy_allows_the_pages_own_scripts_and_styles_and_nothing_else() -> None:
    text = render_page(_page(), FRAGMENT)
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "script-src": " ".join(map(_hash, _elements(text, "script"))),
        "style-src": " ".join(map(_hash, _elements(text, "style"))),
        "img-src": "data:",
    }
    assert len(_elements(text, "script")) == 3
    assert len(_elements(text, "style")) == 2


def test_a_claims_date_is_not_said_to_be_when_it_was_said() -> None:
    said = render_page(_page(), FRAGMENT)
    assert "<dt>Date</dt>" in said
    assert "<dt>Said</dt>" not in said


def test_the_policy_comes_before_anything_that_it_is_about() -> None:
    text = render_page(_page(), FRAGMENT)
    assert text.index("Content-Security-Policy") < min(text.index("<style"), text.index("<script"))


def test_nothing_in_the_page_asks_for_anything() -> None:
    text = render_page(_page(), FRAGMENT)
    assert "sourceMappingURL" not in text
    style = "".join(_elements(text, "style"))
    assert re.findall(r"url\((?!#)[^)]*\)|@import", style) == []
    assert not {"src", "srcset", "style", "poster", "action"} & {
        name for _, attributes in _read(text).tags for name in attributes
    }


def test_no_element_has_a_handler_in_its_attributes() -> None:
    tags = _read(render_page(_page(HOSTILE["attribute"]), FRAGMENT)).tags
    assert [name for _, attributes in tags for name in attributes if name.startswith("on")] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_text_stays_text_whatever_it_says(name: str) -> None:
    text = HOSTILE[name]
    plain, hostile = _read(render_page(_page(), FRAGMENT)), _read(render_page(_page(text), FRAGMENT))
    # The same elements in the same order: the addresses of a source are text in both.
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    # What the script is given is written in another way, and compared below.
    in_script = sum(each.count("plain text") for each in plain.text if each.startswith('{"claims":'))
    places = "".join(plain.text).count("plain text") - in_script
    assert places > 40
    assert "".join(hostile.text).count(visible(text)) >= places


@pytest.mark.parametrize("name", HOSTILE)
def test_text_for_the_script_comes_back_as_it_was(name: str) -> None:
    text = HOSTILE[name]
    page = render_page(_page(text), FRAGMENT)
    [block] = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert block.isascii()
    assert not set("<>&") & set(block)
    assert json.loads(block)["cities"] == [visible(text)]
    assert json.loads(block)["territories"] == [{"code": "AAA", "name": visible(text)}]


def test_the_page_can_be_written_as_utf8() -> None:
    for text in HOSTILE.values():
        render_page(_page(text), FRAGMENT).encode("utf-8")


def test_control_characters_are_shown() -> None:
    assert visible("a\x00b\x1b\x7f\r\n\t") == "a␀b␛␡\n\t"
    assert visible("\x85\ud800") == "��"
    assert visible(7) == 7


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.org/a?b=c&d=e#f", True),
        ("http://example.org", True),
        ("HTTPS://EXAMPLE.ORG/", True),
        ("mailto:someone@example.org", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("example.org", False),
        ("https://", False),
        ("https://exa mple.org", False),
        ("https://example.org/\x00", False),
        ("https:javascript:alert(1)", False),
        ("blob:https://example.org/1", False),
        ("", False),
    ],
)
def test_only_web_and_mail_addresses_become_links(address: str, linked: bool) -> None:
    assert link(address) == (address if linked else None)
    source = SourceView(id="source", title="A source", url=address, archive_url=address)
    text = render_page(_page(sources=(source,)), FRAGMENT)
    links = [a for tag, a in _read(text).tags if tag == "a" and a.get("rel") == "noopener noreferrer"]
    assert [a["href"] for a in links] == ([address, address] if linked else [])
    assert html.escape(visible(address), quote=False) in text.replace("&#34;", '"')


def test_json_for_a_script_element_refuses_what_is_no_json() -> None:
    assert json_block({"a": "</script>&"}) == '{"a":"\\u003c/script\\u003e\\u0026"}'
    with pytest.raises(ValueError):
        json_block(float("nan"))


def test_the_list_says_everything_without_a_script() -> None:
    claim = ClaimView(
        id="one",
        number=7,
        layer=0,
        claim="What is claimed",
        source_id="s",
        source_title="The source",
        quote="Word for word",
        quote_translation="The same in other words",
        quote_translator="A translator",
        speaker_name="The speaker",
        speaker_role="a role",
        date="December 2015",
        grades="B2: usually reliable source, probably true",
        status="disputed",
        placements=(PlacementView(text="Border A–B · 10 km", precision="linear feature", schematic=True),),
        outcomes=(OutcomeView(result="holds", sentence="A borders B."),),
        note="A note",
        analyst="An analyst",
    )
    shown = "".join(_read(render_page(_page(claims=(claim,)), FRAGMENT)).text)
    for text in (
        claim.claim,
        claim.quote,
        claim.quote_translation,
        claim.quote_translator,
        claim.speaker_name,
        claim.speaker_role,
        claim.date,
        claim.grades,
        claim.status,
        claim.placements[0].text,
        "linear feature, schematic",
        claim.outcomes[0].sentence,
        claim.note,
        claim.analyst,
        claim.source_title,
    ):
        assert text in shown


@pytest.mark.parametrize(("count", "words"), [(0, "No claims"), (1, "1 claim"), (2, "2 claims")])
def test_the_list_says_how_many_claims_there_are(count: int, words: str) -> None:
    text = render_page(_page(claims=_page().claims[:count]), FRAGMENT)
    assert f'<span class="count">{words}</span>' in text


def test_the_footer_cannot_be_left_out() -> None:
    with pytest.raises(TypeError):
        Page(title="No footer")  # type: ignore[call-arg]
    footer = FooterView(worldview="W", dataset="D", as_of="A", projection="P")
    shown = "".join(_read(render_page(_page(footer=footer), FRAGMENT)).text)
    assert "Boundaries and names shown do not imply endorsement or acceptance by the publisher." in shown


def test_layers_take_turns_at_the_hues() -> None:
    layers = tuple(LayerView(name=f"layer-{i}", title=f"Layer {i}") for i in range(7))
    claims = tuple(
        ClaimView(id=f"c{i}", number=i + 1, layer=i, claim="A claim", source_id="s", source_title="S")
        for i in range(7)
    )
    text = render_page(_page(layers=layers, claims=claims), FRAGMENT)
    assert re.findall(r'<section class="group layer-(\d)"', text) == list("0123401")


def test_the_same_page_is_the_same_text() -> None:
    assert render_page(_page(), FRAGMENT) == render_page(_page(), FRAGMENT)


def test_modules_are_joined_after_those_that_they_import(tmp_path: Path) -> None:
    for name, text in {
        "main.js": '// Main.\nimport {b} from "./b.js";\nimport {a} from "./a.js";\nb(a);\n',
        "b.js": 'import {a} from "./a.js";\nexport function b(x) {\n  // Why.\n  return x + a;\n}\n',
        "a.js": "export const a = 1;\n",
    }.items():
        (tmp_path / name).write_text(text)
    assert join_modules(tmp_path, "main.js") == (
        '(function () {\n"use strict";\nconst a = 1;\n\nfunction b(x) {\n  return x + a;\n}\n\nb(a);\n})();'
    )
    (tmp_path / "more.js").write_text('import {a} from "./a.js";\nmore(a);\n')
    joined = join_modules(tmp_path, "main.js", "more.js")
    assert joined.count("const a = 1;") == 1
    assert joined.index("b(a);") < joined.index("more(a);")


def test_the_modules_keep_to_the_form_that_can_be_joined() -> None:
    names: list[str] = []
    for path in sorted(MODULES.glob("*.js")):
        text = path.read_text("utf-8")
        names += re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", text, re.MULTILINE)
        assert text.startswith("//"), f"{path.name} begins with what it does"
        assert text.count("\n") <= 250, f"{path.name} wants to be two"
    assert len(names) == len(set(names)), "a name at the top of two modules would be one in the page"
    joined = join_modules(MODULES, "main.js", *(f"{feature}.js" for feature in FEATURES))
    assert re.findall(r"^(?:import|export)\b", joined, re.MULTILINE) == []
    assert "</" not in joined
    texts = {path.name: path.read_text("utf-8") for path in MODULES.glob("*.js")}
    imported = set(re.findall(r'from "\./([a-z-]+\.js)"', "".join(texts.values())))
    entries = {"early.js", "translate.js", "main.js", *(f"{feature}.js" for feature in FEATURES)}
    assert texts.keys() == imported | entries


def test_a_page_has_the_script_and_style_of_its_features_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(MODULES.parent, tmp_path / "assets")
    shutil.copytree(inlining.PACKAGE / "vendor" / "leaflet", tmp_path / "vendor" / "leaflet")
    (tmp_path / "assets" / "js" / "some.js").write_text(
        '// Some.\nimport {register} from "./features.js";\nregister((app) => app.open(null));\n'
    )
    (tmp_path / "assets" / "some.css").write_text(".some { color: red; }\n")
    monkeypatch.setattr(inlining, "PACKAGE", tmp_path)
    inlining.inline.cache_clear()
    try:
        without, some = (render_page(_page(features=names), FRAGMENT) for names in ((), ("some",)))
    finally:
        inlining.inline.cache_clear()
    for mine in ("register((app) => app.open(null));", ".some{color: red}"):
        assert mine not in without
        assert mine in some
    for text in (without, some):
        assert len(_elements(text, "script")) == 3
        [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        for sealed in _elements(text, "script") + _elements(text, "style"):
            assert _hash(sealed) in policy


MARKUP_OR_CODE = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")


def test_no_module_makes_markup_or_code_of_text() -> None:
    for path in MODULES.glob("*.js"):
        text = path.read_text("utf-8")
        assert [word for word in MARKUP_OR_CODE if word in text] == [], path.name
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|localStorage)\b", text), path.name


def test_script_and_style_stay_small() -> None:
    joined = join_modules(MODULES, "main.js")
    assert len(gzip.compress(joined.encode("utf-8"), 9)) < 20_000
    assert len((MODULES.parent / "page.css").read_text("utf-8")) < 24_000
