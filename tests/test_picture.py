"""Pictures of maps: what they show, in which sizes and looks, and what stands in the files."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

import mapgen.picture
from mapgen.errors import InputError, MissingExtraError, UsageError
from mapgen.picture import PictureOptions, make_picture, raster, vector
from mapgen.picture.raster import read_chunks
from mapgen.project import read_project
from tests.pictures import KEPT, SVG, paths, picture, said, subject, tree
from tests.projects import default_project, write_project

DISCLAIMER = "Boundaries and names shown do not imply endorsement or acceptance by the publisher."


def _joined(svg: str) -> str:
    return " ".join(said(svg))


# ---- what it shows


def test_a_picture_has_title_lead_map_legend_scale_and_footer() -> None:
    text = _joined(picture().svg)
    assert "Border-crossing concerns north of Afghanistan" in text
    assert "claim by claim, each with its speaker." in text
    assert {"AFGHANISTAN", "TAJIKISTAN", "KAZAKHSTAN", "Moscow"} <= set(said(picture().svg))
    assert {"Concerns at the borders", "Positions and motives", "Route, schematic"} <= set(
        said(picture().svg)
    )
    assert "500 km" in said(picture().svg)
    assert DISCLAIMER in text
    assert "Worldview: neutral." in text


def test_each_claim_has_its_number_on_the_map() -> None:
    numbers = {each for each in said(picture().svg) if each.isdecimal()}
    assert numbers == {str(claim.number) for claim in subject().page.claims}
    assert len(numbers) == 14


@pytest.mark.parametrize(
    "options",
    [{"title": False}, {"notes": True}, {"theme": "dark"}, {"grey": True}, {"width": 320}, {"height": 500}],
    ids=lambda options: next(iter(options)),
)
def test_nothing_leaves_out_the_footer(options: dict[str, Any]) -> None:
    text = _joined(picture(**options).svg)
    for sentence in (DISCLAIMER, "Worldview: neutral.", "Natural Earth 5.1.1", "No as-of date given."):
        assert sentence in text


def test_the_title_can_stand_elsewhere() -> None:
    assert "Border-crossing concerns" not in _joined(picture(title=False).svg)


def test_notes_are_the_claims_with_their_numbers_and_speakers() -> None:
    text = _joined(picture(notes=True).svg)
    for claim in subject().page.claims:
        assert " ".join(claim.claim.split())[:40] in text
        assert (claim.speaker_name or claim.speaker_role or "no speaker named") in text
    assert "pass across these borders" not in _joined(picture().svg)


def test_a_picture_is_as_high_as_its_notes_need() -> None:
    assert (picture().width_px, picture().height_px) == (1200, 800)
    assert picture(notes=True).height_px > 1100
    assert picture(notes=True, width=1123, height=1588).height_px == 1588


def test_the_map_takes_the_room_that_a_height_leaves() -> None:
    low, high = picture(height=600).svg, picture(height=1100).svg
    assert tree(high).get("height") == "1100"
    assert len(said(high)) > len(said(low)), "more names fit"


def test_a_height_without_room_for_a_map_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"400 pixels leave no room for the map\. Expected \d+ at least, or no"
    ):
        picture(height=400, notes=True)


def test_retracted_claims_are_struck_out_in_the_notes_and_not_on_the_map(tmp_path: Path) -> None:
    claims = [{"where": {"territory": "LIE"}}, {"where": {"border": "CHE-AUT"}, "status": "retracted"}]
    project = read_project(write_project(tmp_path / "p", claims))
    assert {"1"} == {each for each in said(make_picture(project).svg) if each.isdecimal()}
    noted = make_picture(project, options=PictureOptions(notes=True)).svg
    assert {"1", "2"} == {each for each in said(noted) if each.isdecimal()}
    struck = [each for each in tree(noted).iter(f"{SVG}g") if each.get("text-decoration") == "line-through"]
    assert [line.text for group in struck for line in group] == ["A claim."]


def test_low_grades_are_broken_and_inexact_places_have_a_ring(tmp_path: Path) -> None:
    exact = {"where": {"place": "Vaduz"}, "where_precision": 1, "source_reliability": "A"}
    vague = {"where": {"place": "Zurich"}, "where_precision": 4, "source_reliability": "E"}
    svg = make_picture(read_project(write_project(tmp_path / "p", [exact, vague]))).svg
    rings = [each for each in paths(svg, "claims") if "a27 27" in (each.get("d") or "")]
    assert len(rings) == 1
    broken = [each for each in paths(svg, "marks") if each.get("stroke-dasharray")]
    assert len(broken) == 1


# ---- what is asked of it


def test_only_the_layers_that_are_asked_for_are_shown() -> None:
    made = make_picture(
        default_project(), "overview", options=PictureOptions(layers=("concerns",)), cache=KEPT
    )
    assert {each for each in said(made.svg) if each.isdecimal()} == {"1", "2", "3"}
    assert "Fighters" not in said(made.svg)


def test_an_extent_is_shown_whole(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p")
    near, far = (
        make_picture(read_project(folder), options=PictureOptions(extent=extent)).svg
        for extent in ((9.4, 47.0, 9.7, 47.3), (-5.0, 36.0, 20.0, 60.0))
    )
    assert "Paris" not in said(near)
    assert "Paris" in said(far)


def test_names_and_words_are_those_of_a_language() -> None:
    persian = picture(language="fa").svg
    assert {"افغانستان", "تاجیکستان"} <= set(said(persian))
    assert "مسیر، طرح‌وار" in said(persian)
    assert "AFGHANISTAN" not in said(persian)
    assert {"۱", "۲", "۳"} <= set(said(persian))
    assert tree(persian).get("lang") == "fa"


def test_russian_names_are_set_in_capitals(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", language="ru")
    made = make_picture(read_project(folder))
    assert {"ЛИХТЕНШТЕЙН", "Граница"} <= set(said(made.svg))
    assert made.missing == ""


def test_dark_and_grey_have_colours_of_their_own() -> None:
    colours = {name: set(re.findall(r'"(#[0-9a-f]{6})"', picture(**options).svg)) for name, options in {
        "light": {}, "dark": {"theme": "dark"}, "grey": {"grey": True}}.items()}  # fmt: skip
    assert "#fcfbf8" in colours["light"]
    assert "#17191b" in colours["dark"]
    assert "#fcfbf8" not in colours["dark"]
    assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours["grey"])


def test_a_projects_own_theme_holds_for_its_pictures(tmp_path: Path) -> None:
    theme = {"scheme": "dark", "dark": {"sea": "#012345", "layers": ["#fedcba"]}}
    svg = make_picture(read_project(write_project(tmp_path / "p", theme=theme))).svg
    assert 'fill="#012345"' in svg
    assert "#fedcba" in svg
    assert "#17191b" in svg


def test_what_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no map 'overveiw'.*Did you mean 'overview'\?"):
        make_picture(default_project(), "overveiw")
    with pytest.raises(UsageError, match=r"no layer 'concern'.*Did you mean 'concerns'\?"):
        make_picture(default_project(), options=PictureOptions(layers=("concern",)))


def test_a_project_that_cannot_be_drawn_says_everything_that_is_wrong(tmp_path: Path) -> None:
    folder = write_project(
        tmp_path / "p", [{"where": {"place": "Nowhere"}}, {"where": {"border": "LIE-FRA"}}]
    )
    with pytest.raises(InputError) as raised:
        make_picture(read_project(folder))
    assert len(raised.value.problems) == 2
    assert "claims.yaml:" in str(raised.value)


# ---- the files


def test_the_svg_asks_for_nothing_and_says_what_it_is() -> None:
    svg = picture().svg
    root = tree(svg)
    assert root.tag == f"{SVG}svg"
    assert (root[0].tag, root[0].text) == (f"{SVG}title", picture().alt)
    assert (root[1].tag, root[1].text) == (f"{SVG}desc", picture().description)
    assert root.get("role") == "img"
    addresses = re.findall(r'(?:href|src|url)\s*[=(]\s*"?([^")\s]*)', svg)
    assert {address.split(",")[0] for address in addresses} == {"data:font/ttf;base64", "#hatch-disputed"}
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        *("svg", "title", "desc", "style", "defs", "pattern", "rect", "path", "g", "text"),
    }
    assert len(svg) < 500_000


def test_alt_and_description_hold_title_claims_and_worldview() -> None:
    made = picture()
    assert made.alt.startswith("Border-crossing concerns north of Afghanistan. What one news report")
    assert "\n" not in made.alt
    for claim in subject().page.claims:
        assert f"{claim.number}. {' '.join(claim.claim.split())}" in made.description
    assert "Worldview: neutral." in made.description


def test_the_svg_carries_only_letters_that_it_uses() -> None:
    data = re.findall(r"base64,([^)]*)\)", picture().svg)
    assert len(data) == 4, "no Arabic letters in an English picture"
    assert sum(map(len, data)) < 60_000


def test_the_png_has_its_size_resolution_title_and_description() -> None:
    made = picture("border-concerns", width=400)
    image = Image.open(io.BytesIO(made.png(dpi=192)))
    assert image.size == (800, 2 * made.height_px)
    assert image.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    assert image.text["Title"] == made.title
    assert made.description in image.text["Description"]
    assert "acceptance" not in made.alt
    chunks = [kind for kind, _ in read_chunks(made.png())]
    assert chunks[0] == b"IHDR"
    assert chunks[-1] == b"IEND"
    assert b"tIME" not in chunks


def test_each_chunk_of_the_png_is_whole() -> None:
    content = picture("border-concerns", width=400).png()
    at = 8
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        assert raster.chunk(kind, content[at + 8 : at + 8 + length]) == content[at : at + 12 + length]
        at += length + 12


def test_no_dots_beyond_reason() -> None:
    with pytest.raises(UsageError, match="from 24 to 1200"):
        picture().png(dpi=5000)
    with pytest.raises(UsageError, match=r"dpi: 1200 would make 150,000,000 dots\. Expected 1073 at most"):
        picture().png(dpi=1200)


def test_a4_at_300_dpi_takes_little_time_and_memory(tmp_path: Path) -> None:
    made = picture(width=1123, height=794)
    (tmp_path / "a4.svg").write_text(made.svg, "utf-8")
    fonts = [str(path) for path in made._fonts]
    code = (
        "import re, time\nfrom pathlib import Path\nfrom mapgen.picture.raster import render_png\n"
        f"svg = Path({str(tmp_path / 'a4.svg')!r}).read_text('utf-8')\nstart = time.process_time()\n"
        f"png = render_png(svg, (1123, 794), fonts=map(Path, {fonts!r}), dpi=300, texts={{}})\n"
        # What resource.getrusage tells takes in the process that this one was forked from.
        "most = re.search(r'VmHWM:\\s*(\\d+) kB', Path('/proc/self/status').read_text())[1]\n"
        "print(time.process_time() - start, most, len(png))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, kilobytes, size = (float(figure) for figure in ran.stdout.split())
    assert seconds < 3
    assert kilobytes < 500_000
    assert size < 2_000_000


def test_the_pdf_has_embedded_fonts_and_text_that_can_be_found() -> None:
    reader = pypdf.PdfReader(io.BytesIO(picture(notes=True).pdf()))
    (page,) = reader.pages
    assert page.mediabox.width == pytest.approx(900)
    text = " ".join(page.extract_text().split())
    for words in ("Border-crossing concerns north of Afghanistan", "KAZAKHSTAN", "Moscow", DISCLAIMER[:40]):
        assert words in text
    assert "pass across these borders" in text
    fonts = _fonts_of(page)
    assert len(fonts) >= 4
    assert all(map(_embedded, fonts))


def _fonts_of(page: Any) -> list[Any]:
    """Return all fonts of a page, those of its forms too."""
    found: list[Any] = []
    todo = [page["/Resources"].get_object()]
    while todo:
        resources = todo.pop()
        found += [each.get_object() for each in resources.get("/Font", {}).values()]
        forms = [each.get_object() for each in resources.get("/XObject", {}).values()]
        todo += [form["/Resources"].get_object() for form in forms if "/Resources" in form]
    return found


def _embedded(font: Any) -> bool:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    return "/FontFile2" in descriptor and "/ToUnicode" in font


def test_the_pdf_is_tagged_with_title_language_and_description() -> None:
    reader = pypdf.PdfReader(io.BytesIO(picture("border-concerns").pdf()))
    assert reader.metadata is not None
    assert reader.metadata.title == "The borders that worry Russia, as Lt. Gen. Hertling describes them"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    alt = _find(root["/StructTreeRoot"], "/Alt")
    assert "Kazakhstan lies between those republics and Russia." in alt


def _find(node: Any, key: str) -> str:
    node = node.get_object()
    if isinstance(node, dict) and key in node:
        return str(node[key])
    inside = node.get("/K", []) if isinstance(node, dict) else node
    for each in inside if isinstance(inside, list) else [inside]:
        if hasattr(each, "get_object") and isinstance(each.get_object(), dict | list):
            found = _find(each, key)
            if found:
                return found
    return ""


def test_persian_in_the_pdf_reads_as_it_was_written() -> None:
    content = picture("border-concerns", language="fa", width=900).pdf()
    assert b"/ActualText" in content or b"ToUnicode" in content
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "افغانستان" in text or "ناتسناغفا" in text


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import hashlib, sys, mapgen\nfrom mapgen.picture import PictureOptions, make_picture\n"
        "made = make_picture(mapgen.load(sys.argv[1]), options=PictureOptions(width=500, notes=True))\n"
        "for content in (made.svg.encode(), made.png(), made.pdf()):\n"
        "    print(hashlib.sha256(content).hexdigest())"
    )
    folder = write_project(tmp_path / "p", [{"where": {"border": "LIE-CHE"}}, {"where": {"place": "Vaduz"}}])
    digests = set()
    for number, zone in enumerate(("UTC", "Asia/Kabul")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number), "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-c", code, str(folder)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        digests.add(ran.stdout)
    assert len(digests) == 1
    assert hashlib.sha256(b"").hexdigest() not in digests.pop()


# ---- what is missing


def test_letters_that_no_font_has_are_named() -> None:
    assert picture().missing == ""
    page = subject("border-concerns").page
    made = mapgen.picture.draw_picture(
        mapgen.picture.Subject(subject("border-concerns").chart, _with_title(page, "Map 中 of 地"))
    )
    assert made.missing == "中地"
    assert "中" in _joined(made.svg)
    assert made.pdf().startswith(b"%PDF"), "without the claim to be accessible"


def _with_title(page: Any, title: str) -> Any:
    return replace(page, title=title)


@pytest.mark.parametrize(
    ("module", "extra"), [("uharfbuzz", "pictures"), ("resvg_py", "pictures"), ("typst", "pdf")]
)
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = picture("border-concerns", width=400)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'mapgen\[{extra}\]'"):
        if module == "uharfbuzz":
            read_subject_without_fonts()
        elif module == "resvg_py":
            made.png()
        else:
            made.pdf()


def read_subject_without_fonts() -> None:
    """Ask for a picture: the missing library is found before anything is drawn."""
    start = time.process_time()
    try:
        make_picture(default_project())
    finally:
        assert time.process_time() - start < 1


def test_the_page_of_the_pdf_is_in_the_package() -> None:
    assert vector.PAGE.is_file()
    assert "sys.inputs" in vector.PAGE.read_text("utf-8")
