"""Files of claims in a project: what an entry says of them, and what of them is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mapgen.errors import InputError
from mapgen.project import read_project
from tests.projects import write_project
from tests.reading import DATA, write

HEAD = "id,layer,source,claim,place\n"


def complaints(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_project(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_project_reads_several_formats_and_tells_what_it_could_not_carry_over(tmp_path):
    acled = {"file": "data/acled.csv", "format": "acled", "layer": "events", "source": "report"}
    folder = write_project(tmp_path, annotations=["claims.yaml", "more.csv", acled])
    (folder / "data").mkdir()
    write(folder / "data", "acled.csv", (DATA / "acled.csv").read_bytes())
    write(folder, "more.csv", HEAD + "two,claims,report,c,Vaduz\n")
    project = read_project(folder)
    assert [claim.id for claim in project.annotations] == ["claim-1", "two", "exa1001", "exa1002", "exa1003"]
    assert [layer.name for layer in project.layers] == ["claims", "events"]
    assert [(note.severity, note.code, str(note.position)) for note in project.notes] == [
        ("note", "columns-left-out", "data/acled.csv")
    ]


def test_the_problems_of_all_files_are_told_at_once(tmp_path):
    entries = [
        {"file": "a.csv", "layer": "nowhere", "columns": {"clam": "x"}},
        {"file": "b.geojson", "source": "repport"},
        {"file": "c.xls"},
        {"file": "claims.yaml", "formt": "yaml"},
    ]
    folder = write_project(tmp_path, annotations=entries[:3], layers=[{"name": "claims", "title": "C"}])
    write(folder, "a.csv", HEAD + "one,,report,c,Vaduz\nOne,claims,reprt,c,Vaduz\n")
    write(folder, "b.geojson", '{"type": "FeatureCollection", "features": [1]}')
    found = complaints(folder)
    assert [problem.partition(": ")[0].partition(":")[0] for problem in found] == [
        *("a.csv", "b.geojson", "mapgen.yaml", "mapgen.yaml", "mapgen.yaml", "mapgen.yaml")
    ]
    text = "\n".join(found)
    for part in (
        "there is no column 'x', which the project file names for 'clam'",
        "b.geojson:feature 1: this is no Feature",
        "unknown key 'clam'. Did you mean 'claim'?",
        "unknown layer 'nowhere'",
        "unknown source 'repport'. Did you mean 'report'?",
        "'c.xls' is of no kind that holds claims. Expected one that ends in .yaml, .yml, .csv",
    ):
        assert part in text
    folder = write_project(tmp_path / "other", annotations=entries[3:])
    assert "unknown key 'formt'. Did you mean 'format'?" in complaints(folder)[0]


def test_what_an_entry_gives_all_claims_is_told_once(tmp_path):
    entry = {"file": "a.csv", "layer": "nowhere", "source": "nobody"}
    folder = write_project(tmp_path, annotations=[entry], layers=[{"name": "claims", "title": "C"}])
    write(folder, "a.csv", "id,claim,place\n" + "".join(f"n{number},c,Vaduz\n" for number in range(50)))
    assert len(complaints(folder)) == 2


def test_problems_are_in_the_order_of_rows(tmp_path):
    folder = write_project(tmp_path, annotations=["a.geojson"])
    features = ",".join(
        f'{{"type": "Feature", "properties": {{"claim": "c", "id": "A{n}"}}}}' for n in range(12)
    )
    write(folder, "a.geojson", f'{{"type": "FeatureCollection", "features": [{features}]}}')
    found = complaints(folder)
    assert found[0].startswith("a.geojson: there is no property 'layer'")
    folder = write_project(
        tmp_path, annotations=[{"file": "a.geojson", "layer": "claims", "source": "report"}]
    )
    rows = [int(problem.split("feature ")[1].partition(":")[0]) for problem in complaints(folder)]
    assert rows == sorted(rows)


def test_many_wrong_references_end_soon(tmp_path):
    folder = write_project(tmp_path, annotations=["a.csv"])
    rows = "".join(f"n{number},claims,report,c,Vaduz,x{number}\n" for number in range(5_000))
    write(folder, "a.csv", HEAD.strip() + ",supports\n" + rows)
    assert 1_000 < len(complaints(folder)) < 1_100


def test_a_project_of_yaml_files_loads_no_other_reader():
    code = "import sys; from mapgen.project import read_project; read_project('.'); print(*sys.modules)"
    root = Path(__file__).resolve().parent.parent
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    loaded = {name.partition(".")[0] for name in asked.stdout.split()}
    assert not loaded & {"openpyxl", "geopandas", "shapely", "numpy"}
