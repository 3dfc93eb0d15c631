"""Templates of authors: what they may do, what they may not, and that each of them ends."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from mapgen.errors import InputError
from mapgen.report import authoring
from mapgen.report.authoring import MARK, Printed, run_template
from mapgen.report.document import Paragraph, Words

CLAIMS = tuple(
    SimpleNamespace(id=f"c{number}", claim=f"Claim {number}", layer=number % 2) for number in range(6)
)
FUNCTIONS = {"claim": lambda name: Paragraph((Words(f"<{name}>"),))}
VALUES = {"title": "T & <b>", "claims": CLAIMS, "layers": ("one", "two")}


def run(text: str) -> Printed:
    return run_template(text, "report.md", FUNCTIONS, VALUES)


def said(text: str) -> str:
    printed = run(text)
    return MARK.sub(lambda mark: f"[{printed.values[int(mark[1])]}]", printed.text)


def test_values_are_kept_apart_from_the_text_of_the_template() -> None:
    printed = run("# {{ title }}\n\n{{ claim('a') }}\n")
    assert printed.values == ["T & <b>", Paragraph((Words("<a>"),))]
    assert MARK.sub("·", printed.text) == "# ·\n\n·\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% for each in claims %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}", "[1][, ][2][, ]"),
        (
            "{% for each in claims if each.layer == 0 %}{{ each.id }}{% else %}none{% endfor %}",
            "[c0][c2][c4]",
        ),
        ("{% set first = claims|first %}{{ first.claim|upper }}", "[CLAIM 0]"),
        ("{{ claims|map(attribute='id')|join(', ') }}", "[c0, c1, c2, c3, c4, c5]"),
        ("{% for number in range(1, 3) %}{{ number + 1 }}{% endfor %}", "[2][3]"),
        ("{% if title and 'one' in layers %}yes{% endif %}", "yes"),
        ("{{ claims|selectattr('layer', 'equalto', 1)|list|length }}", "[3]"),
        ("{{ none }}{# a remark #}{{ missing|default('-') }}", "[][-]"),
        ("{% raw %}{{ title }}{% endraw %}", "{{ title }}"),
    ],
)
def test_a_template_can_do_what_a_report_needs(text: str, expected: str) -> None:
    assert said(text).startswith(expected)


def test_a_printed_value_is_never_taken_for_a_template() -> None:
    assert run_template("{{ title }}", "a", {}, {"title": "{{ 7 * 7 }}"}).values == ["{{ 7 * 7 }}"]


def test_a_mark_in_the_template_itself_is_no_mark() -> None:
    printed = run(f"{authoring.OPEN}0{authoring.CLOSE} {{{{ title }}}}")
    assert len(MARK.findall(printed.text)) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a\n{{ titel }}", 2, "'titel' is undefined. Did you mean 'title'"),
        ("a\n\n{{ claim( }}", 3, "unexpected '}'"),
        ("{% for x in claims %}\n", 1, "Unexpected end of template"),
        ("{{ claims[0].nothing }}", 1, "has no attribute 'nothing'"),
        ("\n{{ claims }}", 2, "tuple is nothing to print"),
        ("{{ claim }}", 1, "function is nothing to print"),
        ("{{ claim() }}", 1, "missing 1 required positional argument"),
        (
            "{{ clam('a') }}",
            1,
            "clam(...) cannot be called here. Expected one of claim, range. Did you mean 'claim'",
        ),
        ("{{ title|uper }}", 1, "there is no filter 'uper' here. Did you mean 'upper'"),
        ("{% set ns.x = 1 %}", 1, "set one name at a time"),
        (
            "\n{% macro x() %}{% endmacro %}",
            2,
            "'macro' is nothing for a report's template. It prints with {{ }}",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        run(text)
    assert str(caught.value).startswith(f"report.md:{line}: "), caught.value
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% filter upper %}{% endfilter %}",
        "{% block b %}{% endblock %}",
        "{% call claim('a') %}{% endcall %}",
        "{% set x %}{% endset %}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        "{{ title|safe }}",
        "{{ title|attr('__class__') }}",
        "{{ title|format(1) }}",
        "{{ title|tojson }}",
        "{{ ''.__class__ }}",
        "{{ claim.__globals__ }}",
        "{{ claims[0].__dict__ }}",
        "{{ title.upper() }}",
        "{{ ''['__class__'] }}",
        "{{ [].append(1) }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler }}",
        "{{ lipsum }}",
        "{{ namespace() }}",
        "{{ dict(a=1) }}",
        "{{ (1).__class__ }}",
        "{{ claims|map(attribute='__class__')|first }}",
        "{{ claims|map('attr', '__class__')|list|first }}",
        "{{ claims|groupby('__class__')|list }}",
        "{{ loop }}",
        "{{ mapgen_steps }}",
        "{{ mapgen_steps(claims) }}",
        "{% for x in claims recursive %}{{ loop(claims) }}{% endfor %}",
    ],
)
def test_what_is_no_business_of_a_report_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        run(text)
    assert str(caught.value).startswith("report.md:1: ")


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%01000000000d' % 1 }}",
        "{{ title ~ title }}",
        "{{ title + title }}",
        "{{ claims + claims }}",
        "{{ range(100000000)|list }}",
        "{{ title|center(10000000) }}",
        "{{ layers|join(title|join(title)) }}",
        "{{ title|indent(100000000) }}",
        "{{ title|replace('', 'aaaa') }}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(9) %}" + "{% endfor %}" * 3,
        "{% for a in range(1000) %}" + "x" * 50_000 + "{% endfor %}",
        "{% set a = [claims, claims] %}"
        + "{% set a = [a, a] %}" * 40
        + "{% for x in a %}{{ x }}{% endfor %}",
        "(" * 100_000,
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "-" * 20_000 + "1 }}",
        "x" * 2_000_000,
    ],
)
def test_a_runaway_template_is_stopped(text: str) -> None:
    started = time.monotonic()
    if text == "(" * 100_000:
        assert said(text) == text
        return
    with pytest.raises(InputError):
        run(text)
    assert time.monotonic() - started < authoring.MOST_SECONDS + 5


def test_a_slow_template_is_stopped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authoring, "MOST_SECONDS", 0.1)
    slow = {"claim": lambda name: time.sleep(0.01) or Words(name)}
    with pytest.raises(InputError, match="takes longer than"):
        run_template("{% for x in range(900) %}{{ claim('a') }}{% endfor %}", "a", slow, {})
