"""The YAML parser's errors in plain words: an error and the text in, a place in it and a sentence out."""

from __future__ import annotations

import yaml

from mapgen.errors import quoted

# a part of the parser's own sentence -> ours; the place is where the parser stopped
_SENTENCES = {
    "mapping values are not allowed": "': ' cannot stand here. Put the text in quotes, or mend the indents.",
    "block sequence entries are not allowed": "a list item ('- ') cannot begin here. Give it its own line.",
    "mapping keys are not allowed": "'? ' cannot stand here. Put the text in quotes.",
    "did not find expected '-' indicator": "expected '- ' here. Line it up with the list above.",
    "expected key": "expected a key here. Line it up with the keys above, or put the text above in quotes.",
    "expected node content": "expected a value here. Remove the bracket or comma, or put the text in quotes.",
    "unknown escape character": r"unknown escape in double quotes. Write '\\', or use single quotes.",
    "escape code": "this escape is not a character. Write the character itself.",
    "<document start>": "nothing can follow here: the value above has ended. Put the whole text in quotes.",
    "comment or line break": "nothing can follow '|' or '>' here. Begin the text on the next line.",
    "found a tab character": "a tab stands here. Indent with spaces, not tabs.",
    "incompatible YAML document": "this version of YAML is not read. Remove the '%YAML' line.",
    "unknown directive": "this '%' line is not read. Remove it, or put the text in quotes.",
}
_OPENED = {"flow sequence": ("list", "[", "]"), "flow mapping": ("mapping", "{", "}")}


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Return where a YAML error is, as a character index, and what it is, as a sentence."""
    problem, context = error.problem or "", error.context or ""
    index = error.problem_mark.index if error.problem_mark else 0
    start = error.context_mark.index if error.context_mark else index
    if "quoted scalar" in context and "end of" in problem:
        return start, "the quotation mark that opens here is never closed. Close it."
    if "expected ':'" in problem:
        return (
            start,
            "expected 'key: value' here. Add the ':', or indent the line to continue the text above.",
        )
    if "cannot start any token" in problem:
        return index, _bad_start(text[index : index + 1])
    for name, (word, opening, closing) in _OPENED.items():
        if name in context and "expected ','" in problem:
            if index >= len(text.rstrip()):
                return start, f"the {word} that opens here is never closed. Add {quoted(closing)}."
            opened = f"in the {word} that opens with {quoted(opening)} in line {line_of(text, start)}"
            return index, f"expected ',' or {quoted(closing)} here, {opened}."
    for part, sentence in _SENTENCES.items():
        if part in problem:
            return index, sentence
    return index, f"this is not valid YAML: {', '.join(filter(None, (context, problem)))}."


def line_of(text: str, index: int) -> int:
    """Return the line that a character stands in, counted from 1."""
    return text.count("\n", 0, index) + 1


def _bad_start(character: str) -> str:
    if character == "\t":
        return _SENTENCES["found a tab character"]
    return f"a text cannot begin with {quoted(character)}. Put it in quotes."
