"""The model's errors in plain words: what pydantic's findings in, problems in the file out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mapgen.documents import Document
from mapgen.errors import Problem, quoted, suggest

Path = tuple[str | int, ...]

_PATTERNS = {
    "[a-z0-9][a-z0-9-]": "an id: small letters, digits and '-', such as 'border-concerns', at most 64",
    "[A-Za-z0-9][A-Za-z0-9_.-]": "a territory code, such as 'AFG'",
    "[A-Za-z]{2,3}": "a language code, such as 'en'",
}


def explain(
    error: ValidationError, model: type[BaseModel], document: Document, path: Path = ()
) -> list[Problem]:
    """Return the problems that a validation found.

    Parameters
    ----------
    error : ValidationError
        What pydantic raised.
    model : type of BaseModel
        What was validated; its keys are offered as suggestions.
    document : Document
        The file that the values are from.
    path : tuple of str or int
        Where in the file the validated value is.
    """
    return [_problem(details, model, document, path) for details in error.errors(include_url=False)]


def unknown_key(document: Document, path: Path, known: list[str]) -> Problem:
    """Return the problem of a key that mapgen does not know, with the nearest of those that it knows."""
    key = str(path[-1])
    near = suggest(key, known, 1) or f" Known keys: {', '.join(known)}."
    if document.is_empty(*path) and " " in key:  # {role: an expert, to the press} has two keys for YAML
        near = " Put a text with a comma in quotes."
    return Problem(document.position(*path, key=True), f"unknown key {quoted(key)}.{near}")


def what(value: object) -> str:
    """Say what was given."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else quoted(str(value))


def _problem(details: ErrorDetails, model: type[BaseModel], document: Document, path: Path) -> Problem:
    # "$codes" is a branch of a union; from_ and with_ are from and with in the file
    steps = (step.rstrip("_") if isinstance(step, str) else step for step in details["loc"])
    inner = tuple(step for step in steps if not str(step).startswith(("$", "[key]")))
    where = path + inner
    names = [step for step in inner if isinstance(step, str)]
    if details["type"] == "extra_forbidden":
        return unknown_key(document, where, list(_model_at(model, names[:-1]).model_fields))
    if details["type"] == "missing":
        name = names[-1]
        description = _model_at(model, names[:-1]).model_fields[name].description
        about = f" ({description.rstrip('.')})" if description else ""
        if document.has(*where):
            return Problem(document.position(*where, key=True), f"{name}: nothing is written here.{about}")
        return Problem(document.position(*where[:-1]), f"the key {quoted(name)} is missing.{about}")
    prefix = f"{names[-1]}: " if names else ""
    sentence = _SENTENCES.get(details["type"], _other)(details)
    return Problem(document.position(*where), f"{prefix}{sentence}")


def _model_at(model: type[BaseModel], names: list[str]) -> type[BaseModel]:
    for name in names:
        # A language under "translations" is no field.
        inner = _model_in(model.model_fields[name].annotation) if name in model.model_fields else None
        if inner is not None:
            model = inner
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _expected(kind: str) -> Callable[[ErrorDetails], str]:
    return lambda details: f"expected {kind}, got {what(details['input'])}."


def _choice(details: ErrorDetails) -> str:
    choices = re.findall(r"'([^']*)'", details["ctx"]["expected"])
    given_text = details["input"]
    near = suggest(given_text, choices, 1) if isinstance(given_text, str) else ""
    return f"{what(given_text)} is not one of {', '.join(choices)}.{near}"


def _pattern(details: ErrorDetails) -> str:
    pattern = details["ctx"]["pattern"]
    kind = next(words for part, words in _PATTERNS.items() if part in pattern)
    return f"expected {kind}, got {what(details['input'])}."


def _limit(word: str, key: str) -> Callable[[ErrorDetails], str]:
    return lambda details: f"expected a number of {word} {details['ctx'][key]}, got {what(details['input'])}."


def _other(details: ErrorDetails) -> str:
    error = details.get("ctx", {}).get("error")
    return str(error) if error else f"{details['msg']}."


_SENTENCES: dict[str, Callable[[ErrorDetails], str]] = {
    "string_type": _expected("text"),
    "tuple_type": _expected("a list"),
    "model_type": _expected("a mapping ('key: value')"),
    "dict_type": _expected("a mapping ('language: {...}')"),
    "too_long": lambda details: f"there are too many. Write at most {details['ctx']['max_length']}.",
    "int_parsing": _expected("a whole number"),
    "int_parsing_size": _expected("a whole number"),
    "int_type": _expected("a whole number"),
    "int_from_float": _expected("a whole number"),
    "float_parsing": _expected("a number"),
    "float_type": _expected("a number"),
    "finite_number": _expected("a finite number"),
    "greater_than_equal": _limit("at least", "ge"),
    "less_than_equal": _limit("at most", "le"),
    "too_short": lambda details: "the list is empty. Write at least one.",
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
}
