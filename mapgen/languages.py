"""The words of the page, by language: one catalogue each, a file in ``languages/``.

In: a language tag and what fills the gaps of a text. Out: texts for readers, with the plural forms, numbers
and lists of the language. What a catalogue lacks is said in English. Dates are put into words by
``datewords``; what is said of a claim is chosen by ``wording``, ``places``, ``checks`` and ``views``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mapgen.yamlvalues import read_values

CATALOGUES = Path(__file__).parent / "languages"
ENGLISH = "en"

Text = str | Mapping[str, str]
"""A text, or its plural forms by category."""


def _slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"


PLURALS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _: "other",  # Chinese, Japanese, Korean, Indonesian, Vietnamese, Thai
    "one": lambda n: "one" if n == 1 else "other",  # English, German, Spanish, Italian, Turkish
    "zero-one": lambda n: "one" if n < 2 else "other",  # French, Persian, Hindi, Armenian
    "slavic": _slavic,  # Russian, Ukrainian, Belarusian
    "polish": lambda n: "one" if n == 1 else "many" if _slavic(n) == "one" else _slavic(n),
    "czech": lambda n: "one" if n == 1 else "few" if 2 <= n <= 4 else "other",  # Czech, Slovak
    "arabic": _arabic,
}
"""The plural forms of whole numbers, as the Unicode CLDR has them; a catalogue names its own."""

CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text; other languages may have another for the same thing, see ``names``.

    Attributes
    ----------
    text : str
        In the project's language.
    kind : str
        What it names: ``territory`` or ``disputed``.
    id : str
        The territory's code, or the disputed area's.
    """

    text: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say in whatever language: the key of a text, and what fills its gaps.

    Values are texts, numbers, names, phrases, or tuples of these for a list ("A, B and C").
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes
    ----------
    language : str
        Its tag, such as ``en`` or ``fa``.
    texts : mapping of str to Text
        By dotted key, such as ``page.skip``.
    fallback : Words or None
        Where to look for what is missing.
    """

    language: str
    texts: Mapping[str, Text]
    fallback: Words | None = None

    @property
    def direction(self) -> str:
        """The direction of its writing: ``ltr`` or ``rtl``."""
        return self("about.direction")

    def text(self, key: str) -> Text:
        """Return a text with its gaps."""
        found = self.texts.get(key)
        if found is None:
            if self.fallback is None:
                raise KeyError(f"no text {key!r} in the catalogue {self.language!r}")
            return self.fallback.text(key)
        return found

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text with its gaps filled; ``count`` chooses among plural forms.

        Raises
        ------
        KeyError
            If there is no such text, or a gap is not given a value.
        """
        found = self.text(key)
        if not isinstance(found, str):
            spoken = self if key in self.texts else self.fallback
            assert spoken is not None
            rule = PLURALS[str(spoken.text("about.plurals"))]
            found = found.get(rule(values["count"]), found["other"])
        filled = {name: self.number(value) for name, value in values.items()}
        return _GAP.sub(lambda gap: filled[gap[1]], found) if "{" in found else found

    def number(self, value: Any) -> str:
        """Return a whole number, or one with decimals, in the language's digits; texts stay as they are."""
        if isinstance(value, str):
            return value
        written = f"{value:,.0f}" if isinstance(value, int) or value.is_integer() else f"{value:,g}"
        return written.translate(_figures(self, True))

    def digits(self, text: str) -> str:
        """Return the same text with the language's digits."""
        return text.translate(_figures(self, False))

    def listed(self, items: Sequence[str]) -> str:
        """Join texts as a sentence does: "A, B and C"."""
        *before, last = items or [""]
        return self("list.and").join(filter(None, [self("list.comma").join(before), last]))

    def tell(self, said: Said) -> str:
        """Return a phrase, a name, a number or a list of them in this language."""
        match said:
            case Phrase(key, values):
                return self(key, **{k: v if k == "count" else self.tell(v) for k, v in values.items()})
            case Name(text):
                return text
            case tuple():
                return self.listed([self.tell(each) for each in said])
        return self.number(said)

    def group(self, prefix: str) -> dict[str, Text]:
        """Return the texts whose keys begin with a prefix, by what follows it."""
        own = {} if self.fallback is None else self.fallback.group(prefix)
        start = len(prefix) + 1
        found = {key[start:]: text for key, text in self.texts.items() if key.startswith(f"{prefix}.")}
        return {**own, **found}


Said = Phrase | Name | str | int | float | tuple[Any, ...]
"""What can be said in any language."""

_GAP = re.compile(r"\{(\w+)\}")


@cache
def read_words(language: str) -> Words:
    """Read the words of a language.

    Parameters
    ----------
    language : str
        A language tag; of ``fr-CA`` the words are those of ``fr``. A language without a catalogue gets
        English.
    """
    primary = language.lower().split("-")[0]
    known = primary if primary in shipped() else ENGLISH
    english = None if known == ENGLISH else read_words(ENGLISH)
    return Words(known, read_catalogue(CATALOGUES / f"{known}.yaml"), english)


@cache
def shipped() -> tuple[str, ...]:
    """Return the languages that there is a catalogue of, English first."""
    found = sorted(path.stem for path in CATALOGUES.glob("*.yaml"))
    return (ENGLISH, *(language for language in found if language != ENGLISH))


def read_catalogue(path: Path) -> dict[str, Text]:
    """Read a catalogue: its texts by dotted key.

    Raises
    ------
    ValueError
        If the file is not YAML, or anything in it is neither a text nor a group of texts.
    """
    value, _, problems = read_values(path.read_text(encoding="utf-8"))
    if problems or not isinstance(value, dict):
        raise ValueError(f"{path.name}: {problems[0][1] if problems else 'expected groups of texts.'}")
    return dict(_flat(path.name, value, ""))


def _flat(file: str, group: Mapping[str, Any], prefix: str) -> Any:
    for key, value in group.items():
        if isinstance(value, str) or (isinstance(value, dict) and value.keys() <= CATEGORIES):
            yield prefix + key, value
        elif isinstance(value, dict):
            yield from _flat(file, value, f"{prefix}{key}.")
        else:
            raise ValueError(f"{file}: {prefix}{key} has no text.")


@cache
def _table(digits: str, group: str, decimal: str) -> dict[int, str]:
    return {**{48 + value: digit for value, digit in enumerate(digits)}, 44: group, 46: decimal}


def _figures(words: Words, whole: bool) -> dict[int, str]:
    """Return what to put for each character of a number written in English."""
    signs = (str(words.text("about.group")), str(words.text("about.decimal"))) if whole else (",", ".")
    return _table(str(words.text("about.digits")), *signs)
