"""Whole reports: the same claims, numbers and sources in each format, authors' own texts, hostile text."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
import yaml
from click.testing import CliRunner
from lxml import etree
from markdown_it import MarkdownIt

import mapgen
from mapgen.cli import cli
from mapgen.errors import InputError, UsageError
from mapgen.page import Page
from mapgen.picture import Picture, PictureOptions, make_picture
from mapgen.report.authoring import FILTERS
from mapgen.report.document import Document, Heading, Listed, Listing, Paragraph, Rule, Words
from mapgen.report.docxwriter import write_docx
from mapgen.report.escaping import one_line
from mapgen.report.functions import Functions
from mapgen.report.making import (
    FORMATS,
    Format,
    ReportMaker,
    Template,
    choose_format,
    our_template,
    read_template,
)
from mapgen.report.pdfwriter import write_pdf
from tests.browser import open_page, start_browser
from tests.projects import REPOSITORY, default_edition, write_project
from tests.test_hostile import HOSTILE

CLAIM = "Kazakhstan lies between those republics and Russia."


@cache
def picture() -> Picture:
    """A real picture of a small map; what it shows does not matter here."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        project = mapgen.load(write_project(Path(folder) / "small"), cache=False)
        return make_picture(project, options=PictureOptions(width=400, title=False))


def maker(texts: dict[str, Page] | None = None) -> ReportMaker:
    return ReportMaker(texts or default_edition().texts, lambda _: picture())


@cache
def made(form: Format) -> dict[str, bytes]:
    return maker().make(form, f"report.{form}")


def own(text: str, form: Format = "md", file: str = "own.md") -> str:
    """Make a report of a template of one's own, and return its text."""
    language = {"md": "markdown", "html": "html", "tex": "tex"}[file.rpartition(".")[2]]
    return (
        maker()
        .make(form, f"report.{form}", template=Template(text, file, language))[f"report.{form}"]
        .decode()
    )


class _Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(form: Format, data: bytes) -> str:
    """Return what a reader of a report reads, on one line."""
    if form == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    elif form == "html":
        text = _Text(data.decode()).text
    elif form in ("md", "qmd"):
        text = _Text(MarkdownIt("commonmark").render(data.decode())).text
    else:
        text = re.sub(r"\\(?:text\w+\{\}|righttoleft)|-\{\}|[{}]|\\(?=[&%$#_])", "-", data.decode()).replace(
            "-", ""
        )
    return " ".join(text.split())


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("pdf", "tex")])
def test_a_report_has_each_claim_with_the_number_that_it_has_on_the_map(form: Format) -> None:
    text = plain(form, made(form)[f"report.{form}"])
    page = default_edition().texts["overview"]
    at = -1
    for claim in page.claims:
        found = re.search(rf"(?<!\d){claim.number}\s*{re.escape(one_line(claim.claim))}", text[at + 1 :])
        assert found, f"claim {claim.number} follows in its order"
        at += 1 + found.start()
        if claim.quote:
            assert f"“{one_line(claim.quote)}”" in text
    for said in [page.title, page.lead, *(each.title for each in page.layers), page.footer.worldview]:
        assert one_line(said) in text
    for said in [page.footer.dataset, page.footer.as_of, page.footer.projection, *page.set_aside]:
        assert one_line(said) in text
    assert "do not imply endorsement" in text
    assert "[1]" in text


def test_the_scales_are_told_that_are_used_and_no_others() -> None:
    text = plain("html", made("html")["report.html"])
    assert "No claim is graded." in text
    assert "Uppsala" in text
    assert "Admiralty" not in text
    assert "ICD 203" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_project_makes_the_same_bytes(form: Format) -> None:
    assert maker().make(form, f"report.{form}") == made(form)


def test_pictures_lie_beside_where_the_format_holds_none() -> None:
    names = {form: sorted(made(form)) for form in FORMATS}
    assert names["md"] == ["report-overview.svg", "report.md"]
    assert names["qmd"] == ["report-overview.svg", "report.qmd"]
    assert names["tex"] == ["report-overview.pdf", "report.tex"]
    assert all(names[form] == [f"report.{form}"] for form in ("html", "docx", "pdf"))
    named = maker().make("tex", "a b#&%~$.tex")
    assert sorted(named) == ["a b#&%~$.tex", "a-b-overview.pdf"]


def test_a_word_file_has_headings_captions_links_and_a_described_picture() -> None:
    data = made("docx")["report.docx"]
    file = docx.Document(io.BytesIO(data))
    page = default_edition().texts["overview"]
    styles = [(paragraph.style.name, paragraph.text) for paragraph in file.paragraphs]
    assert styles[0] == ("Title", page.title)
    assert [text for style, text in styles if style == "Heading 1"] == [
        "Claims", "Sources", "Method", "Checks set aside", "Disclaimer",
    ]  # fmt: skip
    assert [text for style, text in styles if style == "Heading 2"] == [layer.title for layer in page.layers]
    assert next(text for style, text in styles if style == "Caption").startswith(page.title)
    (shape,) = file.inline_shapes
    assert shape._inline.docPr.get("descr") == one_line(picture().alt)
    xml = file.element.xml
    marks = set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert set(re.findall(r'w:anchor="([^"]+)"', xml)) <= marks
    assert "source_report_2015" in marks
    assert file.core_properties.author == ""
    assert all(
        info.date_time == (1980, 1, 1, 0, 0, 0) for info in zipfile.ZipFile(io.BytesIO(data)).infolist()
    )


def test_a_pdf_has_tags_a_language_and_its_text(tmp_path: Path) -> None:
    data = made("pdf")["report.pdf"]
    assert data.startswith(b"%PDF-1.7")
    for part in (b"/StructTreeRoot", b"/Lang (en)", b"/Marked true", b"/ToUnicode", b"/FontFile"):
        assert part in data.replace(b"/Lang(", b"/Lang ("), part


def test_the_pages_of_a_report_ask_for_nothing_and_run_nothing() -> None:
    page = made("html")["report.html"].decode()
    with start_browser() as browser, open_page(browser, page) as opened:
        assert opened.page.locator("figure img").evaluate("image => image.naturalWidth") > 0
        assert opened.page.locator("#claim-hertling-kaz-between").inner_text().startswith("2")
        opened.page.get_by_role("link", name="[1]").first.click()
        assert opened.page.evaluate("document.querySelector(':target').id") == "source-report-2015"
        opened.assert_quiet()


def test_quarto_gets_its_title_in_the_front_matter() -> None:
    text = made("qmd")["report.qmd"].decode()
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front) == {"title": "Border-crossing concerns north of Afghanistan", "lang": "en"}
    assert not body.lstrip().startswith("# ")


# ---- texts of authors


def test_an_authors_markdown_stays_as_it_was_written() -> None:
    text = own(
        "Intro *mine* <b>x</b>.\n\n- {{ claim('hertling-kaz-between') }}\n\nSee {{ cite('report-2015') }}.\n"
    )
    assert text.startswith("Intro *mine* <b>x</b>.\n\n- <a id=")
    html = _Text(MarkdownIt("commonmark").render(text))
    tags = [tag for tag, _ in html.tags]
    assert tags.index("ul") < tags.index("li") < len(tags) - 1 - tags[::-1].index("em")
    assert "2 Kazakhstan lies between" in html.text
    assert "See [1]." in html.text


@pytest.mark.parametrize("form", FORMATS)
def test_an_authors_markdown_becomes_every_format(form: Format) -> None:
    text = (
        "---\ntitle: My *own* report\nlang: en-GB\n---\n\n"
        "Before **{{ number('isis-3000') }}** {{ cite('isis-3000') }} "
        "`code` [link](https://example.org/a_b).\n\n{{ map('border-concerns') }}\n\n> Quoted\n\n"
        "1. first\n2. second\n   - {{ quote('hertling-passage') }}\n\n"
        "```\n\\end{document} <b>\n```\n\n***\n\n"
        "{{ claim('hertling-passage') }}\n\n{{ sources() }}\n"
    )
    files = maker().make(form, f"report.{form}", template=Template(text, "own.md", "markdown"))
    data = files[f"report.{form}"]
    if form in ("pdf", "tex"):
        assert len(data) > 1000
    else:
        read = plain(form, data)
        for said in (
            "4",
            "[1]",
            "code",
            "link",
            "Quoted",
            "first",
            "\\end{document} <b>",
            "passage of terrorists",
        ):
            assert said in read, said
    if form in ("md", "qmd", "tex"):
        assert f"report-border-concerns.{'pdf' if form == 'tex' else 'svg'}" in files


def test_an_authors_html_keeps_values_in_their_places() -> None:
    text = own(
        '<h1 title="{{ title }}">{{ title }}</h1>{{ claim("isis-3000") }}<a href="#{{ 1 }}">x</a>',
        "html",
        "own.html",
    )
    read = _Text(text)
    assert read.tags[0] == ("h1", {"title": "Border-crossing concerns north of Afghanistan"})
    assert ("div", {"class": "entry", "role": "listitem", "id": "claim-isis-3000"}) in read.tags


def test_an_authors_latex_keeps_its_own_commands() -> None:
    text = own("\\section{ {{- title -}} }\n{{ claim('isis-3000') }}\n{{ map() }}\n", "tex", "own.tex")
    assert text.startswith("\\section{Border-{}crossing concerns")
    assert "\\mapfigure{report-overview.pdf}" in text
    for text in ("\\{{ title }}", "\\sec{{ title }}"):
        with pytest.raises(InputError, match="right behind a backslash"):
            own(text, "tex", "own.tex")


@pytest.mark.parametrize(
    "place",
    [
        "<script>{{ title }}</script>",
        "<style>{{ title }}</style>",
        "<p onclick='{{ title }}'>",
        "<p title={{ title }}>",
        "<!-- {{ title }} -->",
        "<{{ title }}>",
        "<p {{ title }}>",
        '<a href="{{ title }}">x</a>',
        '<p style="{{ title }}">',
        '<a href="javascript:{{ title }}">x</a>',
        '<iframe srcdoc="{{ title }}"></iframe>',
        '<img src="{{ title }}">',
        '<meta http-equiv="refresh" content="0;{{ title }}">',
        '<p title="{{ map() }}">',
        "<noscript>{{ title }}</noscript>",
        "<textarea><script>{{ title }}</script></textarea>",
        "<svg><script>{{ title }}</script></svg>",
    ],
)
def test_an_authors_html_is_refused_where_a_value_could_do_harm(place: str) -> None:
    with pytest.raises(InputError, match=r"own.html"):
        own(place, "html", "own.html")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "\n{{ claim('isis-300') }}",
            "own.md:2: no claim 'isis-300' on the map 'overview'. Did you mean 'isis-3000'?",
        ),
        (
            "{{ map('overvew') }}",
            "own.md:1: no map 'overvew': expected one of overview, border-concerns. Did you mean",
        ),
        ("{{ cite('x') }}", "own.md:1: no source or claim 'x' on the map 'overview'."),
        (
            "{{ claims('fighter') }}",
            "own.md:1: no layer 'fighter' on the map 'overview': expected one of concerns",
        ),
        ("{{ quote('isis-3000') }}", "own.md:1: the claim 'isis-3000' has no quote."),
        ("Text {{ claim('isis-3000') }} text", "own.md: a claim, a map or a list is printed in"),
        ("<b title='{{ title }}'>", "own.md: a value is printed inside an HTML tag."),
        ("<{{ title }}>", "own.md: a value is printed inside an HTML tag."),
        ("[a]({{ title }})", "own.md: a value is printed as the address of a link. Print {{ link("),
        ("[a]: {{ title }}", "own.md: a value is printed as the address of a link."),
        ("\\{{ title }}", "own.md: a value is printed right behind a backslash."),
        ("---\na: [\nb: {{ title }}\n---\n", "own.md: the front matter is no YAML"),
    ],
)
def test_a_mistake_in_a_template_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        own(text)
    assert message in str(caught.value)


def test_what_cannot_be_is_told() -> None:
    with pytest.raises(UsageError, match=r"own.html: this template makes html only"):
        own("x", "docx", "own.html")
    with pytest.raises(UsageError, match=r"no map 'overviw'"):
        maker().make("md", "a.md", name="overviw")
    with pytest.raises(UsageError, match=r"no report can be written as 'dcx'.*Did you mean 'docx'"):
        choose_format("report.dcx", None)
    with pytest.raises(UsageError, match=r"a template is named .md, "):
        read_template(Path("own.txt"))
    with pytest.raises(InputError, match=r"nowhere.md: the template cannot be read"):
        read_template(Path("nowhere.md"))
    with pytest.raises(InputError, match=r"the picture 'x.png' can only be"):
        own("![a](x.png)", "docx")


def test_another_map_has_its_own_numbers() -> None:
    text = own("{{ claim('hertling-passage', map='border-concerns') }}\n\n{{ claims('concerns') }}")
    assert text.count("**3** Russia and Putin") == 2
    assert text.count('<a id="claim-hertling-passage">') == 1, "an anchor stands once"


# ---- hostile text


@pytest.fixture(scope="module")
def hostile() -> dict[str, Page]:
    """What a map says of which every text is hostile: one claim for each hostile text."""
    import tempfile

    texts = [text[:2000] for text in HOSTILE.values()] + [
        "\\input{/etc/passwd}",
        "^^5cinput x",
        '#eval("1")',
        "---",
    ]
    with tempfile.TemporaryDirectory() as name:
        claims = [
            {
                **dict.fromkeys(("claim", "quote", "note", "analyst"), text),
                "speaker": {"name": text, "role": text},
                "source": f"source-{number}",
            }
            for number, text in enumerate(texts)
        ]
        sources = [
            {
                "id": f"source-{number}",
                **dict.fromkeys(("title", "publisher", "author", "url", "license", "note"), text),
            }
            for number, text in enumerate(texts)
        ]
        folder = write_project(
            Path(name) / "p", claims, publications=sources, title="".join(texts)[:900], lead=texts[0]
        )
        return mapgen.load(folder, cache=False).texts()


def test_hostile_text_is_shown_as_text_in_html(hostile: dict[str, Page]) -> None:
    page = maker(hostile).make("html", "r.html")["r.html"].decode()
    words = "html head meta title style body main h1 h2 h3 p figure img figcaption strong em a b span div"
    allowed = {*words.split(" "), "blockquote", "ul", "li"}
    read = _Text(page)
    assert {tag for tag, _ in read.tags} <= allowed
    assert not [
        attrs for _, attrs in read.tags if any(name.startswith("on") or name == "style" for name in attrs)
    ]
    with start_browser() as browser, open_page(browser, page) as opened:
        assert opened.page.evaluate("window.ran") is None
        opened.assert_quiet()


@pytest.mark.parametrize("form", ["md", "qmd", "docx"])
def test_hostile_text_is_shown_as_text(form: Format, hostile: dict[str, Page]) -> None:
    data = maker(hostile).make(form, f"r.{form}")[f"r.{form}"]
    read = plain(form, data)
    for claim in hostile["map"].claims:
        assert " ".join(one_line(claim.claim).split()) in read
    if form == "docx":
        parts = zipfile.ZipFile(io.BytesIO(data))
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
        targets = re.findall(r'Target="([^"]*)"', parts.read("word/_rels/document.xml.rels").decode())
        assert not [
            target for target in targets if "javascript" in target.lower() or target.startswith("data:")
        ]
    else:
        tags = {tag for tag, _ in _Text(MarkdownIt("commonmark").render(data.decode())).tags}
        assert tags <= {"h1", "h2", "h3", "p", "strong", "em", "a", "blockquote", "ul", "li", "img", "hr"}


def test_hostile_text_is_set_as_text(hostile: dict[str, Page]) -> None:
    files = maker(hostile).make("tex", "r.tex")
    source = files["r.tex"].decode()
    assert source.count("\\end{document}") == source.count("\\begin{document}") == 1
    assert "\\input" not in source
    assert maker(hostile).make("pdf", "r.pdf")["r.pdf"].startswith(b"%PDF")


def test_writers_know_every_block() -> None:
    blocks = (
        Heading(7, (Words("deep"),)),
        Listing(((Paragraph((Words("a"),)), Listed("x\n  y")),), 3),
        Rule(),
    )
    document = Document("Title", "fa", blocks)
    assert "3.\ta" in [
        paragraph.text for paragraph in docx.Document(io.BytesIO(write_docx(document))).paragraphs
    ]
    assert write_pdf(document).startswith(b"%PDF")


# ---- the command


def test_the_command_writes_a_report(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", [{"claim": CLAIM}])
    template = tmp_path / "mine.md.jinja2"
    template.write_text("# Mine\n\n{{ map() }}\n\n{{ claim('claim-1') }}\n", "utf-8")
    out = tmp_path / "out" / "report.md"
    done = CliRunner().invoke(cli, ["report", str(project), "--template", str(template), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert f"wrote {out} (" in done.output
    assert CLAIM in out.read_text("utf-8")
    assert (out.parent / "report-map.svg").read_text("utf-8").startswith(("<svg", "<?xml"))
    shown = CliRunner().invoke(cli, ["report", "--show-template"])
    assert shown.output == our_template().text


# ---- the guide for authors

GUIDE = (REPOSITORY / "docs" / "reports.md").read_text("utf-8")


def test_the_guide_names_all_that_a_template_may_use() -> None:
    functions = Functions(default_edition().texts, "overview", lambda _: picture())
    known = {*functions.functions(), *functions.values()} - {"is_set_aside"}
    assert not {name for name in known if not re.search(rf"\{{\{{ {name}\b|`{name}`", GUIDE)}
    filters = GUIDE.partition("has the filters")[2].partition("No macros")[0]
    assert set(re.findall(r"`(\w+)`", filters)) == FILTERS
    assert all(f"| `{form}` |" in GUIDE for form in FORMATS)


def test_the_template_of_the_guide_makes_a_report() -> None:
    (template,) = re.findall(r"^```markdown\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    read = plain("html", own(template, "html").encode())
    page = default_edition().texts["overview"]
    assert all(one_line(claim.claim) in read for claim in page.claims)
    assert "(claim 3)" in read
