"""Themes: colours and fonts reach the page as checked values only, poor contrast is told in figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mapgen.build import build_project
from mapgen.errors import InputError
from mapgen.inlining import PACKAGE
from mapgen.loading import load
from mapgen.project import read_project
from mapgen.themes import OWN, PROPERTIES, Palette, Theme, contrast, find_poor_contrasts, style_of
from tests.projects import write_project

HOSTILE = [
    "red",
    "#12",
    "#12345",
    "#1234567",
    "#fff;background:url(//example.org)",
    "var(--ink)",
    "url(https://example.org/a.png)",
    "#fff}*{display:none",
    "</style><script>alert(1)</script>",
    "#ff\nf",
    "#fff\n",
    "expression(alert(1))",
    "",
]
HOSTILE_FONTS = [
    'A";}*{color:red}',
    "Arial, url(x)",
    "</style>",
    "A\\41",
    "A\nB",
    "Arial\n",
    "url(//example.org/f.woff)",
    "A" * 80,
    "{{7*7}}",
    "Vazir\u202e",
    "'A'",
    "",
]


def _theme(folder: Path, theme: object) -> Theme:
    return read_project(write_project(folder, theme=theme)).theme


@pytest.mark.parametrize("colour", HOSTILE)
def test_a_colour_is_six_digits_or_it_is_refused(tmp_path: Path, colour: str) -> None:
    with pytest.raises(InputError, match=r"mapgen\.yaml:\d+:\d+: (paper|layers): "):
        _theme(tmp_path, {"light": {"paper": colour or "x"}})
    with pytest.raises(InputError, match=r"is not a colour\. Write it as # and six digits"):
        _theme(tmp_path, {"light": {"layers": ["#123456", colour]}})


@pytest.mark.parametrize("font", HOSTILE_FONTS)
def test_a_font_is_a_family_name_or_it_is_refused(tmp_path: Path, font: str) -> None:
    with pytest.raises(InputError, match=r"mapgen\.yaml:\d+:\d+: font: .* is not the name of a font"):
        _theme(tmp_path, {"font": ["Source Serif", font]})


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        ("blue", "scheme: 'blue' is not one of light, dark, auto"),
        ({"scheme": "drak"}, "'drak' is not one of light, dark, auto. Did you mean 'dark'?"),
        ({"light": {"papr": "#fff"}}, "unknown key 'papr'. Did you mean 'paper'?"),
        ({"light": {"layers": ["#123456"] * 6}}, "layers: there are too many. Write at most 5."),
        ({"light": "#fff"}, "light: expected a mapping"),
        ([1], "theme: expected a mapping"),
    ],
)
def test_what_is_wrong_with_a_theme_is_told_with_its_place(
    tmp_path: Path, theme: object, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        _theme(tmp_path, theme)
    assert message in str(caught.value)


def test_a_theme_is_custom_properties_and_nothing_else() -> None:
    theme = Theme(
        scheme="auto",
        light=Palette(paper="#FFF8F0", text="#111", layers=("#aa0000", "#00c")),
        dark=Palette(link="#9cf", layers=("#ffcc00",)),
        font=("Source Sans 3", "Noto Sans"),
        headings=("Playfair Display",),
    )
    style = style_of(theme, "Vazirmatn")
    assert style == (
        ':root{--sans:"Source Sans 3","Noto Sans","Vazirmatn",var(--own-sans);'
        '--serif:"Playfair Display","Vazirmatn",var(--own-serif)}'
        "@media screen and (prefers-color-scheme:light)"
        "{:root{--paper:#fff8f0;--ink:#111;--name:#111;--city:#111}}"
        "@media print,screen and (prefers-color-scheme:light)"
        "{:root{--hue-0:#aa0000;--on-0:#ffffff;--hue-1:#00c;--on-1:#ffffff}}"
        "@media screen and (prefers-color-scheme:dark)"
        "{:root{--link:#9cf;--focus-ring:#9cf;--hue-0:#ffcc00;--on-0:#131415}}"
    )
    assert style_of(Theme()) == ""
    assert style_of(Theme(scheme="dark")) == ":root{color-scheme:dark}"


def test_every_property_of_a_theme_is_one_of_the_style_sheet() -> None:
    sheet = (PACKAGE / "assets" / "page.css").read_text("utf-8")
    for name in (each for several in PROPERTIES.values() for each in several):
        assert f"--{name}:" in sheet, name
        assert f"var(--{name})" in sheet, name
    for layer in range(5):
        assert f"--hue-{layer}:" in sheet
        assert f"var(--on-{layer}, var(--on))" in sheet


@pytest.mark.parametrize(("scheme", "file"), [("light", "page.css"), ("dark", "dark.css")])
def test_the_colours_to_compare_with_are_those_of_the_style_sheet(scheme: str, file: str) -> None:
    root = re.search(r":root \{(.*?)\n\}", (PACKAGE / "assets" / file).read_text("utf-8"), re.DOTALL)
    assert root
    own = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", root[1]))
    wide = {
        name: colour if len(colour) == 7 else "#" + "".join(d * 2 for d in colour[1:])
        for name, colour in own.items()
    }
    for name, colour in OWN[scheme].items():
        if name == "layers":
            assert colour.split() == [wide[f"hue-{layer}"] for layer in range(5)]
        else:
            assert colour == wide[PROPERTIES[name][0]], name


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#fff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_the_style_sheets_own_colours_can_be_told_apart() -> None:
    for scheme in ("light", "dark"):
        own = dict(OWN[scheme])
        own["layers"] = own["layers"].split()
        theme = Theme.model_validate({"scheme": scheme, scheme: own})
        assert list(find_poor_contrasts(theme)) == []


def test_poor_contrast_is_a_finding_with_its_figures(tmp_path: Path) -> None:
    theme = {
        "light": {"paper": "#ffffff", "text": "#999999", "layers": ["#eeee00"]},
        "dark": {"link": "#333333"},
    }
    folder = write_project(tmp_path, theme=theme)
    found = [each for each in load(folder).check() if each.code == "theme-contrast"]
    told = [each.message for each in found]
    assert "text on paper of the light theme has a contrast of 2.85:1, less than 4.5:1" in told
    assert any(
        re.match(r"layers\[0\] on panel of the light theme has a contrast of 1\.\d\d:1, less than 3:1", each)
        for each in told
    )
    assert any(each.startswith("link on panel of the dark theme") for each in told)
    assert all(str(each.position).startswith("mapgen.yaml:") and each.severity == "warning" for each in found)


def test_a_scheme_that_is_never_used_is_not_looked_at() -> None:
    theme = Theme(scheme="light", dark=Palette(text="#000000"))
    assert list(find_poor_contrasts(theme)) == []


@pytest.mark.parametrize(
    ("theme", "dark", "meta"),
    [
        ("auto", "@media screen and (prefers-color-scheme:dark){:root{", "light dark"),
        ("dark", "@media screen{:root{", "dark"),
        ("light", "", "light"),
    ],
)
def test_a_scheme_chooses_when_the_dark_colours_hold(
    tmp_path: Path, theme: str, dark: str, meta: str
) -> None:
    page = build_project(read_project(write_project(tmp_path, theme=theme))).pages["map.html"]
    value = re.search("--paper: (#[0-9a-f]+)", (PACKAGE / "assets" / "dark.css").read_text("utf-8"))
    assert value
    assert f'<meta name="color-scheme" content="{meta}">' in page
    assert (f"--paper: {value[1]}" in page) is bool(dark)
    assert dark in page
