"""Maps in other tools, each of them the real one: Sphinx and MyST, MkDocs, Jupyter and nbconvert."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nbformat
import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from nbconvert import HTMLExporter, MarkdownExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat.sign import MemorySignatureStore, NotebookNotary
from playwright.sync_api import Browser
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

import mapgen
from mapgen.page import visible
from tests.browser import READY, open_page, start_browser
from tests.projects import REPOSITORY, write_project

HOSTILE = "</iframe></textarea><script>window.ran=1</script> \"' {{ 7*7 }} `x` |a| **b** :ref:`x`"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one hostile claim and two maps."""
    folder = tmp_path_factory.mktemp("project")
    maps = [{"name": "first", "title": HOSTILE}, {"name": "second"}]
    return write_project(folder / "maps", [{"claim": HOSTILE}], title="A plain title", maps=maps)


def sphinx(folder: Path, texts: dict[str, str], builder: str = "html") -> tuple[Path, str]:
    """Run Sphinx on some documents; return the folder with what it wrote, and its warnings."""
    (folder / "conf.py").write_text("extensions = ['myst_parser', 'mapgen.integrations.sphinx']\n", "utf-8")
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    said, out = io.StringIO(), folder / "out" / builder
    with docutils_namespace():
        Sphinx(folder, folder, out, folder / "trees", builder, status=None, warning=said).build()
    return out, said.getvalue()


def framed(text: str) -> list[str]:
    return [unescape(page) for page in re.findall(r'srcdoc="([^"]*)"', text)]


def test_sphinx_and_myst_show_the_map_that_a_build_makes(tmp_path: Path, project: Path) -> None:
    (tmp_path / "maps").symlink_to(project)
    texts = {
        "index.md": "# Report\n\n```{mapgen} maps/mapgen.yaml\n:map: second\n```\n",
        "other.rst": ":orphan:\n\nReport\n======\n\n.. mapgen:: maps/mapgen.yaml\n   :map: second\n",
        "wrong.md": "---\norphan: true\n---\n# Report\n\n```{mapgen} maps/mapgen.yaml\n:map: secnd\n```\n",
    }
    out, said = sphinx(tmp_path, texts)
    expected = mapgen.load(project).map("second").html
    for name in ("index.html", "other.html"):
        (page,) = framed((out / name).read_text("utf-8"))
        assert page == expected
    (wrong,) = said.splitlines()[:1]
    assert "wrong.md:6: ERROR" in wrong
    assert "no map 'secnd': expected one of first, second. Did you mean 'second'" in wrong


def test_sphinx_makes_a_page_again_when_a_claim_changes(tmp_path: Path) -> None:
    texts = {"index.md": "# Report\n\n```{mapgen} maps\n```\n"}
    for claim in ("Before.", "Afterwards."):
        write_project(tmp_path / "maps", [{"claim": claim}])
        out, said = sphinx(tmp_path, texts)
        assert said == ""
        assert claim in (out / "index.html").read_text("utf-8")


def test_sphinx_gives_formats_without_frames_the_claims(tmp_path: Path, project: Path) -> None:
    (tmp_path / "maps").symlink_to(project)
    out, said = sphinx(tmp_path, {"index.md": "# Report\n\n```{mapgen} maps\n```\n"}, "text")
    assert said == ""
    text = " ".join((out / "index.txt").read_text("utf-8").split())
    assert f"1. {HOSTILE}" in text
    assert "iframe title" not in text


def mkdocs(folder: Path, text: str) -> Path:
    (folder / "docs" / "deep").mkdir(parents=True, exist_ok=True)
    (folder / "docs" / "index.md").write_text("# Home\n", "utf-8")
    (folder / "docs" / "deep" / "report.md").write_text(text, "utf-8")
    (folder / "hooks.py").write_text("from mapgen.integrations.mkdocs import on_page_markdown\n", "utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: Site\nhooks: [hooks.py]\ntheme: {name: null, custom_dir: theme}\n", "utf-8"
    )
    (folder / "theme").mkdir(exist_ok=True)
    (folder / "theme" / "main.html").write_text(
        "<!DOCTYPE html><title>Site</title>{{ page.content }}", "utf-8"
    )
    config = load_config(str(folder / "mkdocs.yml"), strict=True)
    build_site(config)
    return Path(config.site_dir)


def test_mkdocs_writes_the_maps_beside_the_pages(tmp_path: Path, project: Path, browser: Browser) -> None:
    (tmp_path / "maps").symlink_to(project)
    block = "```mapgen\nproject: maps/mapgen.yaml\nmap: {}\n```\n"
    site = mkdocs(tmp_path, f"# Report\n\n{block.format('first')}\nBetween.\n\n{block.format('second')}")
    page = (site / "deep" / "report" / "index.html").read_text("utf-8")
    assert re.findall(r'src="([^"]*)"', page) == ["../../maps/first.html", "../../maps/second.html"]
    made = mapgen.load(project)
    for name in ("first", "second"):
        assert (site / "maps" / f"{name}.html").read_text("utf-8") == made.map(name).html
    # Its title is hostile: it stays the title of the frame.
    with open_page(browser, page) as opened:
        assert opened.page.locator("iframe").first.get_attribute("title") == HOSTILE
        assert opened.page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("map: thrid", "no map 'thrid'"),
        ("mpa: first", "is not a setting of a map"),
        ("project: nowhere", "nowhere"),
    ],
)
def test_mkdocs_says_where_a_map_is_wrong(
    tmp_path: Path, project: Path, caplog: pytest.LogCaptureFixture, line: str, said: str
) -> None:
    (tmp_path / "maps").symlink_to(project)
    lines = line if line.startswith("project") else f"project: maps\n{line}"
    with pytest.raises(Abort):
        mkdocs(tmp_path, f"# Report\n\n```mapgen\n{lines}\n```\n")
    assert re.search(r"deep/report\.md:3: ", caplog.text)
    assert said in caplog.text


@pytest.fixture(scope="module")
def notebook(project: Path) -> nbformat.NotebookNode:
    """A notebook that has been run by a real kernel and trusted."""
    found = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})"
    code = f"{found}\nimport mapgen\nmapgen.load({str(project)!r}).map('second')"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    ExecutePreprocessor(timeout=120).preprocess(book)
    notary = NotebookNotary(store_factory=MemorySignatureStore, secret=b"secret")
    notary.sign(book)
    assert notary.check_signature(book), "the notebook is trusted"
    return book


def test_a_notebook_keeps_the_map_and_not_twice(notebook: nbformat.NotebookNode, project: Path) -> None:
    (output,) = notebook.cells[0].outputs
    (page,) = framed(output.data["text/html"])
    assert page == mapgen.load(project).map("second").html
    assert output.data["text/plain"] == "Map(name='second')"
    assert nbformat.reads(json.dumps(notebook), 4) == notebook


def test_a_notebook_as_a_page_draws_the_map(notebook: nbformat.NotebookNode, browser: Browser) -> None:
    page, _ = HTMLExporter().from_notebook_node(notebook)
    # The page around it asks for libraries of its own; the map does not.
    alone = re.sub(
        r"<script[^>]*src=[^>]*></script>|<script.*?</script>", "", page.split("<body")[0], flags=re.S
    )
    with open_page(browser, f"{alone}<body{page.split('<body', 1)[1]}") as opened:
        frame = opened.page.frame_locator("iframe")
        frame.locator(READY).wait_for(state="attached")
        assert frame.locator(".claim-text").first.inner_text() == visible(HOSTILE)
        assert opened.page.evaluate("window.ran") is None


def test_a_sanitised_notebook_runs_nothing(notebook: nbformat.NotebookNode) -> None:
    page, _ = HTMLExporter(sanitize_html=True).from_notebook_node(notebook)
    assert "window.ran=1</script>" not in page
    plain, _ = MarkdownExporter().from_notebook_node(notebook)
    assert "<iframe" in plain
