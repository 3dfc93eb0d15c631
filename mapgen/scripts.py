"""Know the writing of languages: which run from right to left, and which letters are not Latin.

In: a language tag, or a text. Out: what a page needs to set a quotation as it is written. The page's own
words, and the direction of the page, are those of ``languages``.
"""

from __future__ import annotations

import re
import unicodedata

RIGHT_TO_LEFT = frozenset(
    (
        *("ar", "arc", "azb", "bal", "bgn", "ckb", "dv", "fa", "glk", "he", "khw", "ks"),
        *("lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd", "syr", "ug", "ur", "yi"),
    )
)
"""Languages that are written from right to left, as the Unicode CLDR has them."""
SCRIPTS_TO_LEFT = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
"""Scripts that are, by their ISO 15924 codes; a tag such as ``uz-Arab`` names one."""

LAST_LATIN = "\u024f"
"""End of the blocks that hold hardly anything but Latin letters."""

_SCRIPT = re.compile(r"-([a-z]{4})(?:-|$)")


def direction_of(language: str | None) -> str:
    """Return the direction that a text of a language is written in.

    Parameters
    ----------
    language : str or None
        A tag such as ``"fa"``; None where it is not known.

    Returns
    -------
    str
        ``"rtl"`` or ``"ltr"``, ``"auto"`` for None: the first letter decides, which misleads where a Persian
        sentence begins with a Latin name.
    """
    if not language:
        return "auto"
    tag = language.casefold()
    if script := _SCRIPT.search(tag):
        return "rtl" if script[1] in SCRIPTS_TO_LEFT else "ltr"
    return "rtl" if tag.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def foreign_letter(text: str) -> str | None:
    """Return the first letter of a text that is of another script than Latin, None if it has none."""
    return next(filter(_is_foreign, text), None)


def _is_foreign(letter: str) -> bool:
    if letter <= LAST_LATIN or not letter.isalpha():
        return False
    name = unicodedata.name(letter, "")
    return name != "" and "LATIN" not in name and "MODIFIER" not in name
