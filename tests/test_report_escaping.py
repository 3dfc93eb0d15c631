"""Text in a report stays text: what Markdown, HTML, LaTeX and Typst read back is what was written.

The readers are those that authors use: markdown-it (MyST, Jupyter), Python-Markdown (MkDocs), mistune
(nbconvert), and Typst itself. LaTeX is read by the rules of its own syntax.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import markdown
import mistune
import pytest
import typst
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mapgen.report.document import Emphasis, Figure, Heading, Listing, Paragraph, Quote, Strong, Words
from mapgen.report.escaping import escape_html, escape_latex, escape_markdown, escape_typst, one_line
from mapgen.report.latexwriter import LatexWriter
from mapgen.report.markdownwriter import MarkdownWriter
from mapgen.report.weaving import write_front_matter
from tests.test_hostile import HOSTILE

SIGNS = "\\`*_{}[]()<>#+-.!|~^$%&@:;=\"'/? \n\t,0123456789abixv–“é\u202eخ"
SYNTAX = [
    "**",
    "__",
    "``",
    "```",
    "~~~",
    "---",
    "===",
    "+++",
    "***",
    "1. a",
    "a) b",
    "(1) x",
    "(@) x",
    "- a",
    "+ a",
    "> a",
    "# a",
    "## a #",
    "[a](b)",
    "![a](b)",
    "[^1]",
    "[a]: b",
    "<b>",
    "</b>",
    "<!--",
    "-->",
    "&lt;",
    "&#60;",
    "\\",
    "\\\\",
    "$x$",
    "$$",
    "{{ x }}",
    "{% x %}",
    "{#a .b}",
    "{role}`x`",
    ":::",
    "::: note",
    "{{< include x >}}",
    "@key",
    "[@key]",
    "%",
    "^^41",
    "~",
    "a | b",
    "|---|",
    "https://evil.test/x",
    "www.evil.test",
    "x@evil.test",
    "javascript:x",
    "H~2~O",
    "\\input{x}",
    "\\end{document}",
    "\\begin{x}",
    "\\verb|x|",
    "\\url{x}",
    "#let x",
    "#eval",
    "]",
    "[",
    "//",
    "/*",
    "*/",
    "---\ntitle: x\n---",
    "!!python/object",
    "key: value",
    "'",
    '"',
    "''",
    "--",
    "...",
    "i. x",
    "IV) x",
    ": x",
    "=x",
    "\x00",
]
texts = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
    st.lists(st.one_of(st.sampled_from(SYNTAX), st.text(SIGNS, max_size=6)), max_size=8).map("".join),
    st.sampled_from([text[:400] for text in HOSTILE.values()]),
)


class _Text(HTMLParser):
    """Takes the text of HTML, and the tags that are not those of a plain paragraph."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


READERS = {
    "CommonMark": lambda text: MarkdownIt("commonmark").render(text),
    "GitHub's": lambda text: MarkdownIt(
        "js-default", {"linkify": False, "typographer": False, "html": True}
    ).render(text),
    "MkDocs'": lambda text: markdown.markdown(text, extensions=["extra", "sane_lists", "toc"]),
    "nbconvert's": lambda text: mistune.create_markdown(
        escape=False, plugins=["strikethrough", "footnotes", "table", "url", "math"]
    )(text),
}


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60)
@given(text=texts)
@example(text="1986. A year")
@example(text="---")
@example(text="    indented")
def test_markdown_shows_text_as_it_was_written(reader: str, text: str) -> None:
    written = MarkdownWriter(str).block(Paragraph((Words("Before "), Words(text), Words(" after"))))
    alone = MarkdownWriter(str).block(Paragraph((Words(text), Words(" after"))))
    for source, before in ((written, "Before "), (alone, "")):
        read = _Text(READERS[reader](source))
        assert read.tags <= {"p"}, source
        assert " ".join(read.text.split()) == " ".join(f"{before}{one_line(text)} after".split()), source


@given(text=texts)
def test_markdown_keeps_text_inside_what_is_around_it(text: str) -> None:
    blocks = (
        Heading(2, (Words(text), Words("."))),
        Quote((Paragraph((Strong((Words(text),)), Words("."))),)),
        Listing(((Paragraph((Emphasis((Words(text),)), Words("."))),), (Paragraph((Words("next"),)),))),
    )
    read = _Text(MarkdownIt("commonmark").render(MarkdownWriter(str).blocks(blocks)))
    assert read.tags <= {"h2", "blockquote", "p", "strong", "em", "ul", "li"}
    expected = " ".join(f"{one_line(text)}. " * 3 + "next" for _ in "1").split()
    assert read.text.split() == [*expected] or "".join(read.text.split()) == "".join(expected)


@given(text=texts)
def test_the_title_in_a_front_matter_is_text_in_yaml_and_in_markdown(text: str) -> None:
    written = write_front_matter({"title": escape_markdown(text), "lang": "en"})
    first, *inside, last = written.rstrip("\n").split("\n")
    assert first == last == "---"
    assert "---" not in [line.rstrip() for line in inside]
    said = yaml.safe_load("\n".join(inside))
    assert list(said) == ["title", "lang"]
    read = _Text(MarkdownIt("commonmark").render(f"{said['title']} after"))
    assert " ".join(read.text.split()) == " ".join(f"{one_line(text)} after".split())


@given(text=texts)
def test_html_shows_text_as_it_was_written(text: str) -> None:
    read = _Text(f'<p title="{escape_html(text)}">{escape_html(text)}</p>')
    assert (read.tags, read.text) == ({"p"}, one_line(text))


COMMANDS = {
    "\\textbackslash{}": "\\",
    "\\{": "{",
    "\\}": "}",
    "\\$": "$",
    "\\&": "&",
    "\\#": "#",
    "\\%": "%",
    "\\_": "_",
    "\\textasciicircum{}": "^",
    "\\textasciitilde{}": "~",
    "\\textless{}": "<",
    "\\textgreater{}": ">",
    "\\textbar{}": "|",
    "\\textquotedbl{}": '"',
    "\\textquotesingle{}": "'",
    "\\textasciigrave{}": "`",
    "-{}": "-",
    "{[}": "[",
    "{]}": "]",
    "?{}": "?",
    "!{}": "!",
    ",{}": ",",
}
"""What LaTeX makes of each of these; nothing else in escaped text may have a meaning."""

_TOKEN = re.compile("|".join(map(re.escape, sorted(COMMANDS, key=len, reverse=True))))


@given(text=texts)
def test_latex_gets_no_command_but_those_for_single_signs(text: str) -> None:
    written = escape_latex(text)
    plain = re.sub(r"\\righttoleft\{([^{}\\]*)\}", r"\1", written)
    assert not set(_TOKEN.sub("", plain)) & set("\\{}$&#^_%~|<>\"'`[]\n\r")
    assert _TOKEN.sub(lambda token: COMMANDS[token[0]], plain) == one_line(text)


@given(text=texts)
def test_latex_paragraphs_have_balanced_braces(text: str) -> None:
    written = LatexWriter(str).block(Quote((Paragraph((Strong((Words(text),)),)),)))
    bare = written.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert bare.startswith("\\begin{quote}")
    assert bare.count("\\begin") == bare.count("\\end") == 1


@given(text=texts)
def test_typst_takes_text_as_one_string(text: str) -> None:
    written = escape_typst(text)
    assert written[0] == written[-1] == '"'
    assert re.fullmatch(r'(?:[^"\\]|\\["\\])*', written[1:-1])


def test_typst_itself_reads_every_hostile_text_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    everything = [text[:400] for text in [*HOSTILE.values(), *SYNTAX]]
    file = tmp_path_factory.mktemp("typst") / "main.typ"
    lines = [f"#metadata({escape_typst(text)}) <text>\nA#{escape_typst(text)};B\n" for text in everything]
    file.write_text("\n".join(lines), "utf-8")
    assert typst.compile(str(file)).startswith(b"%PDF")
    found = typst.query(str(file), "<text>", field="value")
    assert yaml.safe_load(found) == list(map(one_line, everything))


@given(text=texts)
def test_a_line_is_a_line_without_controls(text: str) -> None:
    shown = one_line(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    assert one_line(shown) == shown


def test_the_figure_is_no_text() -> None:
    assert str(Figure("a", None, (Words("caption"),))) == "caption"  # type: ignore[arg-type]
