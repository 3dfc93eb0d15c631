"""Builds: what the default pages say, everything that is wrong at once, and the same bytes anywhere."""

from __future__ import annotations

import getpass
import gzip
import html
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mapgen.build import build_project
from mapgen.errors import InputError
from mapgen.project import read_project
from tests.projects import REPOSITORY, default_edition, default_project, write_project

LARGEST, LARGEST_PACKED = 420_000, 150_000

CLAIMS = {
    "hertling-north-afg": "Afghanistan's northern borders are with three former Soviet republics: "
    "Turkmenistan, Uzbekistan, Tajikistan.",
    "hertling-kaz-between": "Kazakhstan lies between those republics and Russia.",
    "hertling-passage": "Russia and Putin are very concerned that terrorists, insurgents and Islamists pass "
    "across these borders.",
    "isis-3000": "ISIS has gained strength in Afghanistan in recent months; as many as 3,000 fighters there.",
    "rus-taliban-channel": "The contact is only intelligence sharing and information exchange about the "
    "fight against ISIS.",
    "caucasus-syria": "Putin has long worried about thousands of jihadists from Russia's Caucasus region and "
    "the former Soviet republics going to fight with ISIS in Syria.",
    "pipeline-closer": "Putin may be trying to cut off the pipeline of fighters closer to home, in "
    "Afghanistan.",
    "oliker-ties": "ISIS has ties to the insurgency in the north Caucasus, whose people fight in Syria, some "
    "in leadership; so Russia sees ISIS as a threat in a way that the Taliban perhaps is not.",
    "mudd-pass-back": "Putin is telling those states that he will work with the Taliban to collect "
    "intelligence about ISIS before its people cross the border, and pass it back to them.",
    "rojansky-equals": "Putin wants a return to the 1970s standing of the Soviet Union as an equal rival of "
    "the United States.",
    "afg-violence": "Much of the violence has involved the Taliban; al Qaeda, based there before 11 "
    "September 2001, remains a threat.",
    "state-shared-interest": "Russia and other regional actors share an interest in Afghanistan's security "
    "and stability.",
    "us-legitimise": "The contact does not undermine that work, but any contact that gave the Taliban "
    "international recognition would destabilise.",
    "zakharova-weapons": "Weapons would go on a commercial basis only to the Afghan government, not to the "
    "Taliban; Russia follows the sanctions regime against the Taliban.",
}
QUOTE = "Russia and Mr. Putin are very concerned about the passage of terrorists, insurgents, Islamists between those borders"  # noqa: E501
SPEAKERS = ("Hertling", "Zakharova", "Oliker", "Mudd", "Rojansky", "a U.S. commander, to Congress (unnamed)")


def _text(page: str) -> str:
    """Return what a page says before any script has run, on one line."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without)).split())


def _pages() -> dict[str, str]:
    return default_edition().pages


def test_the_default_project_becomes_two_pages() -> None:
    assert list(_pages()) == ["overview.html", "border-concerns.html"]
    assert "assertion-partly" in [finding.code for finding in default_edition().findings]
    assert {finding.severity for finding in default_edition().findings} == {"note"}


@pytest.mark.parametrize("identity", CLAIMS)
def test_every_claim_of_the_report_is_in_the_overview(identity: str) -> None:
    assert CLAIMS[identity] in _text(_pages()["overview.html"])
    assert f'id="claim-{identity}"' in _pages()["overview.html"]


def test_the_border_concerns_are_hertlings_three() -> None:
    text = _text(_pages()["border-concerns.html"])
    assert [identity for identity, said in CLAIMS.items() if said in text] == list(CLAIMS)[:3]
    assert text.count("Lt. Gen. Mark Hertling") >= 3


def test_speakers_the_quote_and_what_is_not_known_are_told() -> None:
    text = _text(_pages()["overview.html"])
    assert QUOTE in text
    assert [name for name in SPEAKERS if name not in text] == []
    assert "undated" in text
    assert "Kazakhstan and Tajikistan share no border" in text
    assert "Worldview: neutral" in text


def test_the_page_says_nothing_that_the_report_does_not() -> None:
    text = _text(_pages()["overview.html"])
    assert re.findall(r"\b(?:19|20)\d\d-\d\d", text) == [], "no date is made up"
    assert text.count("2015") == text.count("its content fits late 2015")


@pytest.mark.parametrize("name", ["overview.html", "border-concerns.html"])
def test_a_page_stays_small(name: str) -> None:
    data = _pages()[name].encode()
    assert len(data) <= LARGEST
    assert len(gzip.compress(data, 9, mtime=0)) <= LARGEST_PACKED


def test_nothing_of_this_machine_is_in_a_page() -> None:
    private = [str(REPOSITORY), str(Path.home()), sys.prefix, "/tmp/", "/home/", f"/{getpass.getuser()}/"]
    for page in _pages().values():
        assert [each for each in private if each in page] == []
        # A short host name may be a word of the script's, too.
        assert len(socket.gethostname()) < 5 or socket.gethostname() not in page


BUILD = """
import sys, locale
locale.setlocale(locale.LC_ALL, "")
import mapgen
mapgen.load(sys.argv[1]).build(sys.argv[2])
"""
CIRCUMSTANCES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "LANGUAGE": "fa", "USER": "other"},
)


def _copy(target: Path) -> Path:
    target.mkdir(parents=True)
    for pattern in ("mapgen.yaml", "data/sources.yaml", "data/annotations/*.yaml", "data/areas/*.geojson"):
        for path in REPOSITORY.glob(pattern):
            copy = target / path.relative_to(REPOSITORY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return target


def test_the_same_project_becomes_the_same_bytes_anywhere(tmp_path: Path) -> None:
    editions = []
    for number, circumstances in enumerate(CIRCUMSTANCES):
        project = _copy(tmp_path / ("a" * (1 + 40 * number)) / "project")
        output = tmp_path / f"output-{number}"
        subprocess.run(
            [sys.executable, "-c", BUILD, os.path.relpath(project, project.parent), output],
            cwd=project.parent,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **circumstances},
            check=True,
        )
        editions.append({path.name: path.read_bytes() for path in output.glob("*.html")})
    assert editions[0] == editions[1]
    assert editions[0] == {name: text.encode() for name, text in _pages().items()}


def test_everything_that_is_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    write_project(folder)
    (folder / "mapgen.yaml").write_text(
        "title: Wrong\nterritories: [LIE, CHX]\ncontext: [AUT, ZZZ]\n"
        "sources: sources.yaml\nannotations: claims.yaml\n"
    )
    (folder / "claims.yaml").write_text(
        "\n".join(
            f"- {{id: c{number}, layer: claims, source: report, claim: A claim., where: {{{where}}}}}"
            for number, where in enumerate(
                (
                    "territory: LIX",
                    "place: Vadus",
                    "border: LIE-DEU",
                    "area: missing.geojson",
                    "place: [Vaduz, London]",
                    "relation: [LIE, Nowhereville]",
                    "route: [LIE, AUX]",
                ),
                1,
            )
        )
    )
    with pytest.raises(InputError) as caught:
        build_project(read_project(folder))
    lines = str(caught.value).splitlines()
    places = [re.match(r"([a-z.]+:\d+:\d+): ", line) for line in lines]
    assert [place and place[1] for place in places] == [
        "claims.yaml:1:79",
        "claims.yaml:2:75",
        "claims.yaml:3:76",
        "claims.yaml:4:74",
        "claims.yaml:5:83",
        "claims.yaml:6:78",
        "claims.yaml:7:75",
        "mapgen.yaml:2:20",
        "mapgen.yaml:3:16",
    ]
    for line, said in zip(
        lines,
        (
            "unknown territory 'LIX'",
            "unknown place 'Vadus'. Did you mean 'Vaduz'",
            "share no border in Natural Earth",
            "area 'missing.geojson' is not there. Expected a GeoJSON file",
            "3 places are called 'London'. Say which",
            "unknown place 'Nowhereville'",
            "unknown territory 'AUX'",
            "unknown territory 'CHX'",
            "unknown territory 'ZZZ'",
        ),
        strict=True,
    ):
        assert said in line
        assert line.endswith((".", "?"))
        assert not line.endswith(("?.", ".."))


def test_a_worldview_that_the_data_lacks_is_told_with_its_place_and_what_there_is(tmp_path: Path) -> None:
    write_project(tmp_path, worldview="XX")
    with pytest.raises(InputError) as caught:
        build_project(read_project(tmp_path))
    assert re.match(r"mapgen\.yaml:12:15: Natural Earth .* expected one of .*, UA, US", str(caught.value))


@pytest.mark.parametrize(
    ("boundaries", "said"),
    [
        ("natural-earth-50m", "unknown boundary dataset 'natural-earth-50m'"),
        ("data/none.gpkg", "there is no file 'data/none.gpkg'"),
        ("own.geojson", "own.geojson:1:2: is not JSON"),
    ],
)
def test_boundaries_that_cannot_be_read_are_told_where_they_are_asked_for(
    tmp_path: Path, boundaries: str, said: str
) -> None:
    write_project(tmp_path, boundaries=boundaries)
    (tmp_path / "own.geojson").write_text("{")
    with pytest.raises(InputError) as caught:
        build_project(read_project(tmp_path))
    assert str(caught.value).startswith(f"mapgen.yaml:12:16: {said}")


def test_a_point_far_away_is_told_with_its_place(tmp_path: Path) -> None:
    write_project(tmp_path, [{"where": {"point": [47.14, 9.52]}}])
    far = [each for each in build_project(read_project(tmp_path)).findings if each.code == "point-far-away"]
    assert [(str(each.position), each.message[-29:]) for each in far] == [
        ("claims.yaml:5:13", "; did you mean [9.52, 47.14]?")
    ]


def test_a_map_can_be_drawn_in_each_projection_and_opened_on_an_extent(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        maps=[
            {"name": "conic", "projection": "conic"},
            {"name": "mercator", "projection": "mercator"},
            {"name": "near", "extent": [9.4, 47.0, 9.7, 47.3]},
        ],
    )
    pages = build_project(read_project(tmp_path)).pages
    assert "Albers equal-area conic" in pages["conic.html"]
    assert "Mercator projection" in pages["mercator.html"]
    frames = {name: re.search(r'"home":(\[[^]]*\])', page)[1] for name, page in pages.items()}
    assert frames["near.html"] != frames["mercator.html"]


def test_a_map_without_claims_opens_on_its_territories(tmp_path: Path) -> None:
    layers = [{"name": "claims", "title": "Claims"}, {"name": "none", "title": "None"}]
    write_project(tmp_path, layers=layers, maps=[{"name": "all"}, {"name": "bare", "layers": ["none"]}])
    assert "No claims" in _text(build_project(read_project(tmp_path)).pages["bare.html"])


def test_progress_is_told_step_by_step() -> None:
    told: list[str] = []
    build_project(default_project(), told.append)
    assert told[:2] == ["reading boundaries", "placing claims"]
    assert told[-3:] == ["drawing", "composing maps", "writing pages"]


def test_maps_of_one_projection_share_one_drawing(
    default_project_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mapgen import preparing

    drawn: list[object] = []
    draw = preparing.draw
    monkeypatch.setattr(
        preparing, "draw", lambda *args, **kwargs: drawn.append(args) or draw(*args, **kwargs)
    )
    pages = build_project(read_project(default_project_folder)).pages
    assert (len(pages), len(drawn)) == (2, 1)
