"""The parts of a picture that are pure: styles, letters, room, marks, names, outlines, views, options."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from mapgen.errors import InputError, UsageError
from mapgen.picture.fonts import FACES, VENDOR, Fonts, Letters, cut_font, is_joined
from mapgen.picture.marks import PITCH, Group, Mark, place_marks
from mapgen.picture.names import City, Name, Names, place_names
from mapgen.picture.options import PictureOptions, read_extent, read_length, read_paper
from mapgen.picture.outlines import cut_lines, cut_ring, write_path
from mapgen.picture.room import Room, box_at
from mapgen.picture.shapes import legend_sample, sign
from mapgen.picture.sheetparts import Piece, _balance
from mapgen.picture.styles import Styles
from mapgen.picture.typeset import balance_lines, break_lines, isolate, reads_leftwards, shorten
from mapgen.picture.view import View, fit_view, scale_bar, to_degrees
from mapgen.projection import Floats, Projection
from mapgen.themes import OWN, Palette, contrast
from tests.pictures import read_path, subject

PLAIN = View(1.0, 0.0, 0.0, 600.0, 400.0)
NO_LINE: Floats = np.zeros((0, 2))
PANGRAM = "Съешь ещё этих мягких французских булок, да выпей же чаю. Zażółć gęślą jaźń."


# ---- styles


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_those_of_the_style_sheet(theme: str) -> None:
    styles = Styles(theme)
    own = OWN[theme]
    assert styles.colour("paper") == own["paper"]
    assert styles.of(".sea")["fill"] == own["sea"]
    assert [styles.hue(layer) for layer in range(5)] == own["layers"].split()


def test_later_rules_win_and_a_layer_brings_its_hue_and_dashes() -> None:
    border, route = (
        Styles().of(*rules, layer=1)
        for rules in ((".claim-line",), (".claim-line", ".form-route.claim-line"))
    )
    assert (border["stroke-width"], route["stroke-width"]) == ("3.4", "2.4")
    assert border["stroke"] == route["stroke"] == "#0b62a6"
    assert border["stroke-dasharray"] == "10 4"


def test_a_colour_that_lets_something_through_is_two_attributes() -> None:
    assert Styles().of(".dots")["stroke-opacity"] == "0.85"


def test_a_rule_that_is_gone_is_an_error() -> None:
    with pytest.raises(KeyError):
        Styles().of(".no-such-rule")


@pytest.mark.parametrize("layer", range(5))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_greys_are_as_light_as_their_colours(layer: int, theme: str) -> None:
    colour, grey = Styles(theme).hue(layer), Styles(theme, grey=True).hue(layer)
    assert grey[1:3] == grey[3:5] == grey[5:7]
    assert contrast(colour, grey) < 1.03


def test_a_number_is_read_on_a_projects_own_hue() -> None:
    styles = Styles(own=Palette(layers=("#ffff88", "#222222")))
    assert contrast(styles.colour("on-0"), styles.hue(0)) > 4.5
    assert contrast(styles.colour("on-1"), styles.hue(1)) > 4.5
    assert styles.colour("on-2") == "#ffffff"


@pytest.mark.parametrize("layer", range(5))
def test_each_layer_has_a_sign_of_its_own_as_large_as_on_the_page(layer: int) -> None:
    filled, broad = (sign(Styles(), layer, (0, 0), broad=each)[1] for each in (False, True))
    others = {sign(Styles(), other, (0, 0))[1].d for other in range(5) if other != layer}
    assert filled.d not in others
    assert broad.attributes["stroke"] == filled.attributes["fill"]
    numbers = [abs(float(number)) for number in re.findall(r"-?\d+\.\d+", filled.d)]
    assert max(numbers) <= 11.4


def test_each_kind_of_the_legend_has_a_sample_of_its_own() -> None:
    kinds = ["border-agreed", "border-disputed", "border-undefined", "area-unknown", "area-disputed"]
    kinds += [
        f"form-{form}" for form in ("border", "route", "relation", "territory", "place", "weak", "fuzzy")
    ]
    samples = {kind: str(legend_sample(Styles(), kind)) for kind in kinds}
    assert len(set(samples.values())) == len(kinds)


# ---- letters and lines


def test_widths_are_those_that_the_font_gives() -> None:
    fonts = Fonts()
    assert fonts.width("", Letters(12)) == 0
    assert fonts.width("nn", Letters(10)) == pytest.approx(2 * fonts.width("n", Letters(10)))
    assert fonts.width("n", Letters(20)) == pytest.approx(2 * fonts.width("n", Letters(10)))
    assert fonts.width("AV", Letters(12)) < fonts.width("A", Letters(12)) + fonts.width("V", Letters(12))
    assert fonts.width("abc", Letters(12, spacing=2)) == pytest.approx(fonts.width("abc", Letters(12)) + 6)
    assert fonts.width("bold", Letters(12, weight=600)) > fonts.width("bold", Letters(12))


def test_persian_letters_join() -> None:
    fonts = Fonts()
    apart = sum(fonts.width(letter, Letters(12)) for letter in "افغانستان")
    assert 0 < fonts.width("افغانستان", Letters(12)) < 0.8 * apart
    assert is_joined("ایران")
    assert not is_joined("Иран")


def test_the_fonts_have_the_letters_of_europe_central_asia_and_india() -> None:
    fonts = Fonts()
    assert (
        fonts.missing(PANGRAM + "Ελλάδα Қазақстан Oʻzbekiston Тоҷикистон ایران پښتو भारत Türkiye Việt")
        == set()
    )
    assert fonts.missing("中a\u200c\u2067\n") == {"中"}


def test_a_font_of_ones_own_brings_missing_letters(tmp_path: Path) -> None:
    serif = VENDOR / FACES["Noto Serif", 600, False]
    own = tmp_path / "own.ttf"
    own.write_bytes(serif.read_bytes())
    fonts = Fonts([own])
    assert fonts.own[0].family == "Noto Serif SemiBold"
    assert "'Noto Serif SemiBold'" in fonts.families(Letters(12), "a")


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\0\1\0\0" + b"x" * 200, b"wOF2" + b"0" * 99])
def test_what_is_no_font_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "some.ttf"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"some\.ttf: "):
        Fonts([path])


def test_a_font_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Fonts([tmp_path / "none.ttf"])


def test_a_font_is_cut_down_to_the_letters_in_use() -> None:
    face = Fonts().chain(Letters(12), "a")[0]
    cut = cut_font(face, "Turkmenistan")
    assert len(cut) < 8_000
    assert cut == cut_font(face, "natsinemkruT")
    assert cut[:4] == b"\0\1\0\0"


@given(st.text(alphabet="abcdefgh -\u0627\u0628\u200c\u0432中\n", max_size=120), st.integers(30, 200))
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    fonts = Fonts()
    lines = break_lines(fonts, text, Letters(12), width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(fonts.width(line, Letters(12)) <= width for line in lines if len(line) > 1)


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    fonts = Fonts()
    lines = break_lines(fonts, "word " * 5000, Letters(12), 200, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert max(fonts.width(line, Letters(12)) for line in lines) <= 200
    assert shorten(fonts, "W" * 100_000, Letters(12), 100).endswith("…")
    assert shorten(fonts, "short", Letters(12), 100) == "short"


def test_titles_have_no_last_line_of_one_word() -> None:
    fonts = Fonts()
    text = "The borders that worry Russia, as Lt. Gen. Hertling describes them"
    greedy, balanced = (breaks(fonts, text, Letters(26), 800) for breaks in (break_lines, balance_lines))
    assert len(greedy) == len(balanced) == 2
    shares = [
        fonts.width(lines[1], Letters(26)) / fonts.width(lines[0], Letters(26))
        for lines in (greedy, balanced)
    ]
    assert shares[1] > 0.6 > shares[0]


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [
        ("ایران", True),
        ("1 ایران", True),
        ("Iran ایران", False),
        ("", False),
        ("123", False),
        ("«ایران»", True),
    ],
)
def test_a_text_reads_as_its_first_letter_does(text: str, leftwards: bool) -> None:
    assert reads_leftwards(text) is leftwards
    assert isolate(text) == (f"\u2067{text}\u2069" if leftwards else text)


# ---- room, marks and names


def test_room_is_taken_once() -> None:
    room = Room((0, 0, 100, 100))
    assert room.holds((0, 0, 100, 100))
    assert not room.holds((0, 0, 100, 100), margin=1)
    room.take((10, 10, 20, 20))
    assert not room.is_free((19, 19, 30, 30))
    assert room.is_free((20, 20, 30, 30)), "edges may touch"


def test_crossings_count_the_cells_of_lines() -> None:
    room = Room((0, 0, 100, 100))
    room.cross_by(np.array([[0.0, 50.0], [100.0, 50.0]]))
    assert room.crossings((40, 45, 60, 55)) >= 3
    assert room.crossings((40, 70, 60, 80)) == 0


def _marks(*spots: tuple[float, float]) -> list[Mark]:
    return [Mark(claim, spot, NO_LINE) for claim, spot in enumerate(spots)]


def _placed(marks: list[Mark]) -> list[tuple[float, float]]:
    return [mark.spot for mark in marks if mark.spot is not None]


def test_a_mark_alone_stands_on_its_place() -> None:
    marks = _marks((100, 100))
    (group,) = place_marks(marks, Room((0, 0, 600, 400)), PLAIN)
    assert _placed(marks) == [(100, 100)]
    assert group.leader() is None


def test_marks_of_one_place_stand_in_a_row() -> None:
    marks = _marks((100, 100), (100, 100), (104, 100))
    place_marks(marks, Room((0, 0, 600, 400)), PLAIN)
    assert _placed(marks) == [(76, 100), (100, 100), (124, 100)]


def test_marks_that_would_cover_each_other_step_aside_with_a_leader() -> None:
    marks = _marks((100, 100), (112, 100))
    groups = place_marks(marks, Room((0, 0, 600, 400)), PLAIN)
    (x0, y0), (x1, y1) = _placed(marks)
    assert max(abs(x0 - x1), abs(y0 - y1)) >= PITCH
    assert [group.leader() is None for group in groups] == [True, False]


@given(st.lists(st.tuples(st.integers(10, 590), st.integers(10, 390)), min_size=1, max_size=25))
def test_marks_never_cover_each_other(spots: list[tuple[int, int]]) -> None:
    marks = _marks(*spots)
    room = Room((0, 0, 600, 400))
    place_marks(marks, room, PLAIN)
    placed = _placed(marks)
    for i, (x, y) in enumerate(placed):
        assert room.holds(box_at(x, y, PITCH, PITCH))
        assert all(max(abs(x - u), abs(y - v)) >= PITCH - 1e-6 for u, v in placed[:i])


def test_a_line_out_of_view_has_its_mark_where_it_is_seen() -> None:
    line = np.array([[-500.0, 200.0], [100.0, 200.0], [300.0, 200.0]])
    mark = Mark(0, (-400.0, 200.0), line)
    place_marks([mark], Room((0, 0, 600, 400)), PLAIN)
    assert mark.spot == (100, 200)


def test_a_point_out_of_view_has_no_mark() -> None:
    mark = Mark(0, (-400.0, 200.0), NO_LINE)
    assert place_marks([mark], Room((0, 0, 600, 400)), PLAIN) == []
    assert mark.spot is None


def test_the_leader_of_a_row_ends_at_the_nearest_sign() -> None:
    group = Group(100, 100, [], (200.0, 100.0), (72.0, 24.0))
    assert group.leader() == ((100, 100), (173, 100))


def _name(text: str, *at: tuple[float, float], role: str = "focus") -> Name:
    return Name(text, role, at, 80.0, 14.0)


def test_names_keep_off_marks_and_lines_and_important_ones_come_first() -> None:
    room = Room((0, 0, 600, 400))
    room.take(box_at(300, 200, 24, 24))
    room.cross_by(np.array([[0.0, 100.0], [600.0, 100.0]]))
    near, own = _name("near", (100, 300), role="neighbour"), _name("own", (300, 200), (300, 100), (300, 300))
    place_names(Names([near, own]), room, PLAIN, 5.0)
    assert own.spot is not None
    assert own.spot != (300, 200), "a mark stands there"
    assert abs(own.spot[1] - 100) > 10, "a line goes through there"
    assert near.spot == (100, 300)


def test_a_name_without_a_place_is_left_out() -> None:
    room = Room((0, 0, 90, 20))
    room.take((0, 0, 90, 20))
    name = _name("name", (45, 10), role="neighbour")
    place_names(Names([name]), room, PLAIN, 5.0)
    assert name.spot is None


def test_a_name_that_finds_no_place_in_its_territory_stands_beside_it() -> None:
    room = Room((0, 0, 600, 400))
    room.take(box_at(300, 200, 200, 84))
    name = _name("name", (300, 200))
    place_names(Names([name]), room, PLAIN, 5.0)
    assert name.spot is not None
    assert name.leader == (300, 200)
    line = name.line()
    assert line is not None
    assert line[0] == (300, 200)


def test_claimed_cities_are_named_whatever_their_rank() -> None:
    cities = [
        City("small", (100.0, 100.0), 9, False, False, 40.0, 13.0),
        City("claimed", (300.0, 100.0), 9, False, True, 40.0, 13.0),
        City("capital", (500.0, 100.0), 0, True, False, 40.0, 13.0),
    ]
    place_names(Names([], cities), Room((0, 0, 600, 400)), PLAIN, 3.0)
    assert [city.spot is not None for city in cities] == [False, True, True]


# ---- outlines


BOX = (0.0, 0.0, 100.0, 100.0)
points = st.tuples(st.floats(-80, 180), st.floats(-80, 180))


@given(st.lists(points, min_size=3, max_size=12, unique=True))
def test_a_cut_ring_covers_what_lies_in_the_box(corners: list[tuple[float, float]]) -> None:
    whole = shapely.Polygon(corners)
    if not whole.is_valid:
        whole = shapely.convex_hull(whole)
    if whole.geom_type != "Polygon" or whole.area < 1e-6:
        return
    ring = shapely.get_coordinates(whole)[:-1]
    cut = cut_ring(ring, BOX)
    area = shapely.Polygon(cut).area if len(cut) >= 3 else 0.0
    assert area == pytest.approx(whole.intersection(shapely.box(*BOX)).area, abs=1e-6)
    assert (cut >= -1e-9).all()
    assert (cut <= 100 + 1e-9).all()


def test_lines_are_cut_where_they_leave_the_box() -> None:
    lines = [
        np.array([[-50.0, 50.0], [150.0, 50.0]]),
        np.array([[10.0, 10.0], [20.0, 20.0]]),
        np.array([[200.0, 0.0], [300.0, 9.0]]),
    ]
    cut = cut_lines(lines, BOX)
    assert [line.tolist() for line in cut] == [[[0, 50], [100, 50]], [[10, 10], [20, 20]]]


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=60))
def test_path_data_is_true_to_a_tenth_and_does_not_drift(places: list[tuple[float, float]]) -> None:
    written = write_path(np.array(places))
    if not written:
        assert np.ptp(np.rint(np.array(places) * 10), axis=0).max() == 0
        return
    (line,) = read_path(written)
    assert math.dist(line[-1], places[-1]) < 0.08
    assert math.dist(line[0], places[0]) < 0.08


# ---- views


def test_a_view_shows_its_box_in_the_middle_as_large_as_it_goes() -> None:
    chart = subject().chart
    view = fit_view(chart, chart.home, 1000, 600)
    left, top, right, bottom = (*view.point(chart.home[:2]), *view.point(chart.home[2:]))  # type: ignore[arg-type]
    assert min(left, top) == pytest.approx(24, abs=0.01)
    assert (left + right, top + bottom) == pytest.approx((1000, 600), abs=0.01)
    assert view.to_grid(*view.point((17.0, -4.0))) == pytest.approx((17, -4))


def test_a_view_does_not_leave_what_is_drawn() -> None:
    chart = subject().chart
    left, top, _, _ = chart.drawn
    view = fit_view(chart, (left, top, left + 100, top + 100), 1000, 600)
    assert view.left >= left - 1e-6
    assert view.top >= top - 1e-6


@pytest.mark.parametrize(
    "projection",
    [
        subject().chart.projection,
        Projection("mercator", 60.0),
        Projection("conic", 25.0, -30.0, -20.0, -40.0),
    ],
)
def test_degrees_are_those_that_were_projected(projection: Projection) -> None:
    places = np.array(
        [[projection.lon_0 + 12, projection.lat_0 + 9], [projection.lon_0 - 31, projection.lat_0 - 2]]
    )
    for place, (east, north) in zip(places, projection.project(places), strict=True):
        assert to_degrees(projection, 10.0, east / 10, -north / 10) == pytest.approx(tuple(place), abs=1e-6)


def test_the_scale_bar_is_as_long_as_the_ground() -> None:
    chart = subject().chart
    view = fit_view(chart, chart.home, 1000, 600)
    bar = scale_bar(chart, view)
    assert bar.width <= 120
    ends = [view.to_grid(500 + side * bar.width / 2, 300) for side in (-1, 1)]
    (lon_a, lat_a), (lon_b, lat_b) = (to_degrees(chart.projection, chart.unit, *end) for end in ends)
    _, _, metres = Geod(ellps="WGS84").inv(lon_a, lat_a, lon_b, lat_b)
    assert metres == pytest.approx(bar.metres, rel=0.01)


# ---- notes


@given(st.lists(st.integers(10, 90), max_size=30), st.integers(1, 4))
def test_columns_are_balanced_and_keep_their_order(heights: list[int], count: int) -> None:
    blocks = [Piece(height=float(height)) for height in heights]
    columns = _balance(blocks, count)
    assert [block for column in columns for block in column] == blocks
    assert len(columns) <= count
    highest = max((sum(block.height for block in column) for column in columns), default=0)
    assert highest <= sum(heights) / count + max(heights, default=0) + 2


# ---- options


@pytest.mark.parametrize(
    ("text", "pixels"),
    [("1200", 1200), ("1200px", 1200), ("297mm", 1123), ("21cm", 794), ("8.5in", 816), ("72pt", 96)],
)
def test_lengths_are_pixels_of_a_96th_inch(text: str, pixels: int) -> None:
    assert read_length(text) == pixels


@pytest.mark.parametrize("text", ["", "wide", "-5", "12em", "1e3", "5 m"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Expected one such as"):
        read_length(text)


def test_papers_lie_across_unless_they_stand() -> None:
    assert read_paper("A4") == (1123, 794)
    assert read_paper("a4-portrait") == (794, 1123)
    with pytest.raises(UsageError, match="Did you mean 'a4-portrait'"):
        read_paper("a4-potrait")


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "60,40,50,45", "60,95,70,99", "nan,0,1,1"])
def test_what_is_no_extent_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="extent"):
        read_extent(text)


def test_sizes_and_themes_have_limits() -> None:
    for options in ({"width": 100}, {"height": 99_999}, {"theme": "sepia"}):
        with pytest.raises(UsageError):
            PictureOptions(**options)  # type: ignore[arg-type]
