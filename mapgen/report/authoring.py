"""Run an author's template: jinja2 in its sandbox, cut down to what a report needs, and bounded.

In: the text of a template, and the functions and values that it may use. Out: the template's own text, with a
mark wherever it prints a value, and the values. So no value can become part of the template's text: what is
between ``{{ }}`` is written by a writer of this package, in the form and with the escapes of its format.

A template may print, set a name, ask ``if`` and loop with ``for``; it has the filters of `FILTERS`, and calls
nothing but the functions that it is given. It has no macros, includes, string arithmetic or methods.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mapgen.errors import InputError, Position, Problem, suggest
from mapgen.report.document import Node

LARGEST_TEMPLATE = 1_000_000
"""Characters."""

MOST_STEPS = 100_000
"""Turns of all loops together."""

MOST_TEXT = 20_000_000
"""Characters of the result, values included."""

MOST_SECONDS = 10.0
LONGEST_RANGE = 1_000

FILTERS = frozenset(
    [
        "abs",
        "capitalize",
        "count",
        "default",
        "first",
        "float",
        "groupby",
        "int",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "reverse",
        "round",
        "select",
        "selectattr",
        "sort",
        "string",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "wordcount",
    ]
)

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign, nodes.Name,
    nodes.NSRef, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.Add, nodes.Sub,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Neg, nodes.Pos,
)  # fmt: skip

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
"""Where a value is printed; its number."""


@dataclass(slots=True)
class Printed:
    """What a template came to.

    Attributes
    ----------
    text : str
        The template's own text, with marks (`MARK`).
    values : list of Node or str
        What is printed at each mark, by its number.
    """

    text: str
    values: list[Node | str]


def run_template(
    text: str, file: str, functions: Mapping[str, Callable[..., Any]], values: Mapping[str, Any]
) -> Printed:
    """Run a template.

    Parameters
    ----------
    text : str
    file : str
        Its name for messages.
    functions : mapping of str to callable
        All that it may call.
    values : mapping of str to object
        What else it knows by name.

    Raises
    ------
    InputError
        If it is no template, uses what it may not, fails, or goes on for too long, with ``file:line``.
    """
    run = _Run(file)
    if len(text) > LARGEST_TEMPLATE:
        raise run.problem(None, f"the template is longer than {LARGEST_TEMPLATE:,} characters.")
    text = text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    environment = _Sandbox(run)
    called = {**functions, "range": run.short_range}
    environment.globals = {**called, **values, _STEPS: run.steps}
    try:
        tree = environment.parse(text, file, file)
        _check(tree, frozenset(called), run)
        template = jinja2.Template.from_code(
            environment, environment.compile(tree, file, file), environment.globals
        )
        return Printed(run.gather(template.generate()), run.values)
    except jinja2.TemplateSyntaxError as error:
        raise run.problem(error.lineno, f"{_sentence(error.message)}") from None
    except InputError as error:
        line = _line_of(error, file)
        raise (run.problem(line, str(error)) if line else error) from None
    except jinja2.UndefinedError as error:
        raise run.problem(
            _line_of(error, file), f"{_sentence(error.message)}{_near(error, environment)}"
        ) from None
    except (
        jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError,
        RecursionError,
    ) as error:  # fmt: skip
        raise run.problem(_line_of(error, file), _sentence(str(error))) from None


_STEPS = "mapgen_steps"
"""What each loop is led through."""


@dataclass(slots=True)
class _Run:
    """One run of a template: what it has printed, and how much it may still do."""

    file: str
    values: list[Node | str] = field(default_factory=list)
    taken: int = 0
    length: int = 0
    ends: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def problem(self, line: int | None, message: str) -> InputError:
        return InputError(Problem(Position(self.file, line), message))

    def steps(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield what a loop goes over, as long as that is reasonable."""
        for item in items:
            self.taken += 1
            if self.taken > MOST_STEPS:
                raise InputError(f"the template's loops take more than {MOST_STEPS:,} turns.")
            self.watch()
            yield item

    def short_range(self, *ends: int) -> range:
        """Return a range that is not too long."""
        made = range(*ends)
        if len(made) > LONGEST_RANGE:
            raise InputError(f"range(...) has more than {LONGEST_RANGE:,} numbers.")
        return made

    def watch(self) -> None:
        if time.monotonic() > self.ends:
            raise InputError(f"the template takes longer than {MOST_SECONDS:g} seconds.")

    def spend(self, text: str) -> None:
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise InputError(f"the template writes more than {MOST_TEXT:,} characters.")
        self.watch()

    def mark(self, value: Any) -> str:
        """Keep a value that the template prints, and return the mark that stands for it."""
        kept: Node | str = value if isinstance(value, Node) else _as_text(value)
        self.spend(str(kept))
        self.values.append(kept)
        return f"{OPEN}{len(self.values) - 1}{CLOSE}"

    def gather(self, parts: Iterator[str]) -> str:
        made = []
        for part in parts:
            self.spend(part)
            made.append(part)
        return "".join(made)


def _as_text(value: Any) -> str:
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises where a name is not known; an `if` without `else` comes to nothing
    if isinstance(value, str | int | float):
        return str(value)
    if value is None:
        return ""
    raise InputError(f"{type(value).__name__} is nothing to print: name one of its parts, such as .title.")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, with fewer words, where all that is printed is marked."""

    def __init__(self, run: _Run) -> None:
        super().__init__(
            autoescape=False,
            undefined=jinja2.StrictUndefined,
            finalize=run.mark,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.filters = {name: filter_ for name, filter_ in self.filters.items() if name in FILTERS}
        self.filters["join"] = _join
        self.globals = {}


def _join(items: Any, between: str = "", attribute: str | None = None) -> str:
    """Join texts; unlike jinja2's own, takes no text apart, so that nothing grows without bound."""
    if isinstance(items, str) or isinstance(between, Node) or len(str(between)) > 100:
        raise InputError("join(...) takes a list, and a short text between its items.")
    return str(between).join(str(getattr(item, attribute) if attribute else item) for item in items)


def _check(tree: nodes.Template, functions: frozenset[str], run: _Run) -> None:
    """Refuse what a report's template has no need of, and bound its loops."""
    for node in [tree, *tree.find_all(nodes.Node)]:
        if not isinstance(node, _ALLOWED):
            inside = (each.lineno for each in node.find_all(nodes.Node) if each.lineno)
            line = node.lineno or next(inside, 1)
            raise run.problem(line, f"{_word(node)} is nothing for a report's template. {_MAY}")
        if isinstance(node, nodes.For):
            if node.recursive:
                raise run.problem(
                    node.lineno, f"a recursive loop is not what a report's template may use. {_MAY}"
                )
            node.iter = nodes.Call(
                nodes.Name(_STEPS, "load", lineno=node.lineno),
                [node.iter],
                [],
                None,
                None,
                lineno=node.lineno,
            )
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise run.problem(
                node.lineno, f"there is no filter {node.name!r} here.{suggest(node.name, FILTERS)}"
            )
        elif isinstance(node, nodes.Call) and _called(node) not in functions:
            known = ", ".join(sorted(functions))
            raise run.problem(
                node.lineno,
                f"{_called(node) or 'this'}(...) cannot be called here. Expected one of {known}."
                f"{suggest(_called(node), functions)}",
            )
        elif isinstance(node, nodes.Assign) and not isinstance(node.target, nodes.Name):
            raise run.problem(node.lineno, "set one name at a time.")
        elif isinstance(node, nodes.Add | nodes.Sub):
            _check_sum(node, run)


_MAY = "It prints with {{ }}, sets names, and has if and for."


def _check_sum(node: nodes.Add | nodes.Sub, run: _Run) -> None:
    """Refuse sums of constants that are no numbers; sums of texts and lists could grow without bound."""
    for side in (node.left, node.right):
        if isinstance(side, nodes.Const) and isinstance(side.value, int | float):
            return
    raise run.problem(
        node.lineno, "one side of + or - has to be a number here; print texts one after the other."
    )


def _called(node: nodes.Call) -> str:
    return node.node.name if isinstance(node.node, nodes.Name) else ""


def _word(node: nodes.Node) -> str:
    words = {
        "Mul": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "Concat": "~",
        "AssignBlock": "{% set %}...", "CallBlock": "call", "FilterBlock": "filter", "FromImport": "from",
    }  # fmt: skip
    return repr(words.get(type(node).__name__, type(node).__name__.lower()))


def _line_of(error: BaseException, file: str) -> int | None:
    """Return the line of the template that an error came from."""
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = template.get_corresponding_lineno(trace.tb_lineno) if template else trace.tb_lineno
        trace = trace.tb_next
    return line


def _near(error: jinja2.UndefinedError, environment: _Sandbox) -> str:
    named = re.match(r"'([^']*)' is undefined", str(error.message))
    return suggest(named[1], set(environment.globals) - {_STEPS}) if named else ""


def _sentence(text: str | None) -> str:
    text = (text or "the template fails").strip()
    return text if text.endswith((".", "?")) else f"{text}."
