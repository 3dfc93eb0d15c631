"""Put values back into an author's own text: Markdown, LaTeX or HTML that stays as the author wrote it.

In: the result of a template (`authoring.Printed`) and a writer of its format. Out: the finished text. Where a
value could do harm or be lost in the place where it is printed, that is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any

import yaml

from mapgen.errors import InputError
from mapgen.page import link
from mapgen.report.authoring import MARK, Printed
from mapgen.report.document import Block, Inline, Node, Words
from mapgen.report.escaping import escape_html, escape_markdown, one_line

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_IN_A_TAG = re.compile(rf"<(?:[a-zA-Z/!?][^<>]*)?{MARK.pattern}")
_IN_A_TARGET = re.compile(rf"\][(:]\s*[^()\s]*{MARK.pattern}")
_COMMANDED = re.compile(rf"\\[a-zA-Z@]*{MARK.pattern}")
_LED = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def weave_markdown(printed: Printed, write: Callable[[Node], str]) -> str:
    """Return an author's Markdown with its values; a front matter is written as YAML."""
    front = _FRONT.match(printed.text)
    head = _front_matter(front, printed.values) if front else ""
    body = printed.text[front.end() :] if front else printed.text
    if _IN_A_TAG.search(body):
        raise InputError("a value is printed inside an HTML tag. Print it between tags.")
    if _IN_A_TARGET.search(body):
        raise InputError(
            "a value is printed as the address of a link. Print {{ link(address, text) }} instead."
        )
    _refuse_commands(body)
    return head + "".join(_weave_line(line, printed.values, write) for line in body.splitlines(keepends=True))


def split_front_matter(printed: Printed) -> tuple[dict[str, Any], str]:
    """Return what the front matter of an author's Markdown says, as plain text, and the rest."""
    front = _FRONT.match(printed.text)
    if front is None:
        return {}, printed.text
    said = _filled(_read_yaml(front[1]), printed.values, lambda text: text)
    return said if isinstance(said, dict) else {}, printed.text[front.end() :]


def _read_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"the front matter is no YAML: {error}".replace("\n", " ")) from None


def _front_matter(front: re.Match[str], values: Sequence[Node | str]) -> str:
    if not MARK.search(front[1]):
        return front[0]
    return write_front_matter(_filled(_read_yaml(front[1]), values, escape_markdown))


def write_front_matter(said: Any) -> str:
    """Return what is said of a document as YAML between lines; its texts are Markdown already."""
    text = yaml.safe_dump(said, allow_unicode=True, default_flow_style=False, sort_keys=False, width=100_000)
    return f"---\n{text}---\n"


def _filled(said: Any, values: Sequence[Node | str], escape: Callable[[str], str]) -> Any:
    if isinstance(said, str):
        return MARK.sub(lambda mark: escape(str(values[int(mark[1])])), said)
    if isinstance(said, list):
        return [_filled(each, values, escape) for each in said]
    if isinstance(said, dict):
        return {_filled(key, values, escape): _filled(each, values, escape) for key, each in said.items()}
    return said


def _weave_line(line: str, values: Sequence[Node | str], write: Callable[[Node], str]) -> str:
    """Put values into a line; a block has the line for itself, and keeps to its margin."""
    marks = MARK.findall(line)
    if not any(isinstance(values[int(number)], Block) for number in marks):
        return MARK.sub(lambda mark: _inline(values[int(mark[1])], write), line)
    led = _LED.match(line)
    before = led[0] if led else ""
    if len(marks) != 1 or MARK.sub("", line[len(before) :]).strip():
        raise InputError(
            "a claim, a map or a list is printed in a line with other text. Give it a line of its own."
        )
    value = values[int(marks[0])]
    assert isinstance(value, Node)
    margin = re.sub(r"[^\t>]", " ", before)
    lines = write(value).split("\n")
    made = "\n".join([before + lines[0], *((margin + each).rstrip() for each in lines[1:])])
    return made + line[len(line.rstrip("\r\n")) :]


def _inline(value: Node | str, write: Callable[[Node], str]) -> str:
    return write(value) if isinstance(value, Inline) else write(Words(str(value)))


def weave_latex(printed: Printed, write: Callable[[Node], str]) -> str:
    """Return an author's LaTeX with its values."""
    _refuse_commands(printed.text)
    return _woven(printed, write)


def _refuse_commands(text: str) -> None:
    """Refuse a value right behind a backslash, which would take its first letters for its own."""
    if _COMMANDED.search(text):
        raise InputError("a value is printed right behind a backslash. Put a blank or {} between them.")


def _woven(printed: Printed, write: Callable[[Node], str]) -> str:
    return MARK.sub(lambda mark: _any(printed.values[int(mark[1])], write), printed.text)


def _any(value: Node | str, write: Callable[[Node], str]) -> str:
    return write(value if isinstance(value, Node) else Words(str(value)))


def weave_html(printed: Printed, write: Callable[[Node], str]) -> str:
    """Return an author's HTML with its values, each of them in a place where it stays text."""
    if _IN_A_TAG.search(re.sub(r"<[a-zA-Z/!?][^<>]*>?", "", printed.text)):
        raise InputError("a value is printed right behind <, where it would be a tag.")
    _Places(printed).look()
    return _woven(printed, write)


class _Places(HTMLParser):
    """Looks at each place of a page where a value is printed."""

    CODE = frozenset(
        {"script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp", "template"}
    )
    TEXT = frozenset(
        {"alt", "title", "content", "lang", "dir", "value", "placeholder", "datetime", "summary"}
    )
    ADDRESSES = frozenset({"href", "src", "cite"})

    def __init__(self, printed: Printed) -> None:
        super().__init__(convert_charrefs=False)
        self.printed = printed
        self.seen = 0
        self.inside: list[str] = []

    def look(self) -> None:
        """Raise an error for the first place that is none for a value."""
        self.feed(self.printed.text)
        self.close()
        if self.seen != len(MARK.findall(self.printed.text)):
            raise InputError(
                "a value is printed inside a tag or a comment. "
                "Print it between tags, or in an attribute with quotation marks."
            )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of a tag."""
        raw = self.get_starttag_text() or ""
        for name, value in attrs:
            marks = MARK.findall(value or "")
            self.seen += len(marks)
            if marks and not re.search(
                rf"""\b{re.escape(name)}\s*=\s*(["'])(?:(?!\1).)*{MARK.pattern}""", raw, re.S | re.I
            ):
                raise InputError(f"a value is printed in the attribute {name}, which has no quotation marks.")
            if marks and name in self.ADDRESSES:
                self._look_at_address(name, value or "")
            elif (
                marks
                and (name not in self.TEXT or self._refreshes(name, attrs))
                and not name.startswith(("aria-", "data-"))
            ):
                raise InputError(
                    f"a value is printed in the attribute {name}, where it could be more than text."
                )
            for number in marks:
                if isinstance(self.printed.values[int(number)], Node):
                    raise InputError(f"the attribute {name} takes text only, and no claim, map or reference.")
        if tag in self.CODE:
            self.inside.append(tag)

    @staticmethod
    def _refreshes(name: str, attrs: list[tuple[str, str | None]]) -> bool:
        """Tell whether an attribute tells the browser to do something."""
        return name == "content" and any(other == "http-equiv" for other, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Look at text."""
        marks = len(MARK.findall(data))
        self.seen += marks
        if marks and self.inside:
            raise InputError(
                f"a value is printed inside <{self.inside[-1]}>, where it could be more than text."
            )

    def _look_at_address(self, name: str, value: str) -> None:
        whole = MARK.sub(lambda mark: str(self.printed.values[int(mark[1])]), value)
        fixed = MARK.split(value)[0]
        if not (fixed.startswith(("#", "./")) or link(whole)):
            raise InputError(
                f"the attribute {name} gets no address that may become a link: http, https or mailto."
            )


def html_writer(write: Callable[[Node], str]) -> Callable[[Node], str]:
    """Return a writer that writes plain text without a tag: it may stand in an attribute."""
    return lambda node: escape_html(one_line(node.text)) if isinstance(node, Words) else write(node)
