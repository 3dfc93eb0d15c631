"""Claims are the same in whatever format they are written: made up by hypothesis, compared with YAML's."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from mapgen.annotations import read_annotations
from mapgen.documents import parse_document
from mapgen.model import Annotation
from mapgen.readers.columns import COLUMNS
from tests.reading import read

ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True)
# what XML can hold: no control characters; a carriage return it reads as an end of line
texts = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
    | st.sampled_from(["=1+1", "@a", "-1", "2015", "1e3", "NO", "null", "a;b > c", 'he said "no"', "a\nb\tc"])
).filter(lambda text: text.strip() and not text.startswith("'"))
codes = st.sampled_from(["AFG", "TJK", "UZB", "X.1"])
names = st.sampled_from(["Termez", "Termez, UZB", "Ашхабад"])
pairs = st.permutations(["AFG", "TJK", "UZB"]).map(lambda found: found[:2])
numbers = st.floats(-90, 90).map(repr)
WHERE: dict[str, st.SearchStrategy[Any]] = {
    "border": pairs.map("-".join),
    "route": st.permutations(["AFG", "TJK", "Termez"]),
    "relation": pairs,
    "territory": codes,
    "place": names,
    "point": st.tuples(numbers, numbers).map(list),
    "area": st.just("data/a.geojson"),
}
CHOICES = {
    "quote_language": ["en", "fa"],
    "date": ["2015", "2015-12?", "2015-11/2015-12", "201X"],
    "source_reliability": ["A", "F"],
    "info_credibility": ["1", "6"],
    "likelihood": ["likely", "almost no chance"],
    "analytic_confidence": ["low"],
    "status": ["asserted", "retracted"],
    "where_precision": ["1", "7"],
}


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a claim as a YAML file says it, with as much as a row can say."""
    free = {
        name: draw(st.none() | texts)
        for name in ("quote", "quote_translation", "analyst", "note", "fact_check")
    }
    chosen = {name: draw(st.none() | st.sampled_from(values)) for name, values in CHOICES.items()}
    related = {name: draw(st.lists(ids, unique=True, max_size=2)) for name in ("supports", "contradicts")}
    said = {name: text for name in ("name", "role") if (text := draw(st.none() | texts))}
    kinds = draw(st.lists(st.sampled_from(list(WHERE)), unique=True, min_size=1, max_size=3))
    label = draw(st.none() | texts)
    where = [
        {kind: draw(WHERE[kind]), **({"label": label} if label else {})}
        for kind in sorted(kinds, key=list(WHERE).index)
        for _ in range(draw(st.integers(1, 2)))
    ]
    own = {"id": draw(ids), "layer": draw(ids), "source": draw(ids), "claim": draw(texts), "where": where}
    given_ = {name: value for name, value in {**free, **chosen, **related}.items() if value}
    return {**own, **given_, **({"speaker": said} if said else {})}


def cells(item: dict[str, Any]) -> dict[str, str]:
    """Return the cells of a claim, by the rules in the docs."""
    made: dict[str, list[str]] = {}
    for location in item["where"]:
        kind = next(iter(location))
        value = location[kind]
        joint = " " if kind == "point" else " > "
        made.setdefault(kind, []).append(joint.join(value) if isinstance(value, list) else value)
    row = {kind: "; ".join(values) for kind, values in made.items()}
    row |= {f"speaker_{name}": text for name, text in item.get("speaker", {}).items()}
    if label := item["where"][0].get("label"):
        row["where_label"] = label
    for name, value in item.items():
        if name not in ("where", "speaker"):
            row[name] = "; ".join(value) if isinstance(value, list) else value
    return {name: row[name] for name in COLUMNS if name in row}


def as_csv(rows: list[dict[str, str]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def as_xlsx(rows: list[dict[str, str]]) -> bytes:
    workbook = openpyxl.Workbook()
    for number, name in enumerate(COLUMNS, 1):
        workbook.active.cell(row=1, column=number, value=name)
        for line, row in enumerate(rows, 2):
            cell = workbook.active.cell(row=line, column=number)
            cell.value = row.get(name)
            cell.data_type = "s" if name in row else "n"  # a text that begins with = is no formula here
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def as_geojson(rows: list[dict[str, str]]) -> bytes:
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def as_kml(rows: list[dict[str, str]]) -> bytes:
    placemarks = [
        "".join(f'<Data name="{name}"><value>{escape(text)}</value></Data>' for name, text in row.items())
        for row in rows
    ]
    inside = "".join(f"<Placemark><ExtendedData>{each}</ExtendedData></Placemark>" for each in placemarks)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'.encode()


@settings(max_examples=40)
@given(st.lists(items(), min_size=1, max_size=3, unique_by=lambda item: item["id"]))
def test_claims_are_equal_in_every_format(claims: list[dict[str, Any]]) -> None:
    document = parse_document(json.dumps(claims, ensure_ascii=False).encode(), "c.yaml")
    expected, problems = read_annotations(document)
    assert [str(problem) for problem in problems] == []
    rows = [cells(item) for item in claims]
    files = {
        "c.csv": as_csv(rows, ","),
        "semicolons.csv": as_csv(rows, ";"),
        "c.xlsx": as_xlsx(rows),
        "c.geojson": as_geojson(rows),
        "c.kml": as_kml(rows),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.write_bytes(content)
            assert_equal(read(path).claims, expected, read(path).problems, name)


def assert_equal(found: list[Annotation], expected: list[Annotation], problems: list[str], name: str) -> None:
    assert problems == [], name
    assert found == expected, name
