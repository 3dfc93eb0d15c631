"""Find the encoding of a shapefile's text.

In: the bytes of an attribute table's text columns, and what its .cpg and its header say of them. Out: the
codec that every one of them can be read with. What follows from a wrong one is garbled names, so nothing is
guessed where the files are silent.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence

from mapgen.errors import quoted
from mapgen.examination import Examination, rows

# Language driver ids in a .dbf that name one code page; 0 and 0x57 ("ANSI") name none.
_LANGUAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x26: "cp866", 0x64: "cp852", 0x65: "cp866", 0x4D: "gbk",
    0x7B: "cp932", 0x7D: "cp1255", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
    0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
# What Cyrillic and Greek look like when they are taken for a western encoding.
_GARBLED = re.compile("[\xc0-\xff]{5,}")
_EXAMPLES = "such as 1251 or ISO-8859-1"

Texts = Mapping[bytes, Sequence[bytes]]
"""The values of the text columns, by the column's name."""


def find_encoding(
    texts: Texts, cpg: str | None, language: int, names: tuple[str, str], report: Examination
) -> str | None:
    """Return the encoding of a table: what the .cpg says, else UTF-8, else what the header says.

    Parameters
    ----------
    texts : mapping of bytes to sequence of bytes
        The values of the text columns by the column's name; of other columns only the names, without values.
    cpg : str or None
        The content of the .cpg, None if there is none.
    language : int
        The language driver id of the .dbf.
    names : tuple of str
        How messages call the .dbf and the .cpg.
    report : Examination
        Takes what is wrong.

    Returns
    -------
    str or None
        Name of a codec that all of the text can be read with; None if there is none.
    """
    name, cpg_name = names
    not_utf8 = _unreadable(texts, "utf-8")
    if cpg is not None and cpg.strip():
        return _follow(cpg.strip(), texts, not_utf8, names, report)
    if not_utf8 is None:
        return "utf-8"
    codec = _LANGUAGES.get(language)
    if codec is not None and _unreadable(texts, codec) is None:
        message = f"{not_utf8} is not UTF-8, and there is no .cpg; read as {codec}, which the header says"
        remedy = f"if names look garbled, add {cpg_name} with the name of the encoding"
        report.warn("boundary-encoding", name, message, remedy)
        return codec
    remedy = f"Add {cpg_name}, a text file that names the encoding, {_EXAMPLES}, or save it as UTF-8 in QGIS."
    report.refuse(name, f"{not_utf8} is not UTF-8, and nothing says what it is. {remedy}")
    return None


def _follow(
    cpg: str, texts: Texts, not_utf8: str | None, names: tuple[str, str], report: Examination
) -> str | None:
    """Return the encoding that a .cpg names, if the text is in it."""
    name, cpg_name = names
    codec = codec_of(cpg)
    if codec is None:
        report.refuse(
            cpg_name,
            f"unknown encoding {quoted(cpg)}, expected one {_EXAMPLES}. Write UTF-8 or the right one.",
        )
        return None
    unreadable = not_utf8 if codec == "utf-8" else _unreadable(texts, codec)
    if unreadable is not None:
        remedy = (
            f"Write the encoding that it is in, {_EXAMPLES}, into {cpg_name}, or save it as UTF-8 in QGIS."
        )
        report.refuse(name, f"{unreadable} is not {quoted(cpg)}, which {cpg_name} says. {remedy}")
        return None
    doubt = _doubt(texts, codec, not_utf8)
    if doubt:
        message = f"{cpg_name} says {quoted(cpg)}, but {doubt}"
        report.warn(
            "boundary-encoding",
            name,
            message,
            f"if names look garbled, write the right encoding into {cpg_name}",
        )
    return codec


def _doubt(texts: Texts, codec: str, not_utf8: str | None) -> str:
    """Return what speaks against a codec; one with a byte for each character reads anything."""
    beyond = [b"\n".join(values) for values in texts.values() if not b"".join(values).isascii()]
    if codec == "utf-8" or not beyond:
        return ""
    if not_utf8 is None:
        return "all of the text is well-formed UTF-8"
    garbled = next(filter(None, (_GARBLED.search(text.decode(codec)) for text in beyond)), None)
    return f"text such as {quoted(garbled[0])} is hardly what was meant" if garbled else ""


def codec_of(cpg: str) -> str | None:
    """Return the codec that the content of a .cpg names, or None if it is unknown or no superset of ASCII.

    Examples
    --------
    >>> codec_of("UTF8"), codec_of("ANSI 1251"), codec_of("88591"), codec_of("klingon")
    ('utf-8', 'cp1251', 'iso8859-1', None)
    """
    text = cpg.strip().lower()
    numbered = re.fullmatch(r"(?:ansi|oem|cp|windows)?[\s_-]*(\d{3,5})", text)
    if numbered:
        number = numbered[1]
        text = (
            "utf-8"
            if number == "65001"
            else f"iso-8859-{number[4:]}"
            if number.startswith("8859")
            else f"cp{number}"
        )
    try:
        codec = codecs.lookup(text).name
        plain = bytes(range(0x20, 0x7F))
        return codec if plain.decode(codec) == plain.decode("ascii") else None
    except (LookupError, ValueError):
        return None


def _unreadable(texts: Texts, codec: str) -> str | None:
    """Return how a message names the first text that a codec cannot read, None if it can read all."""
    for column, values in texts.items():
        called = quoted(column.decode("utf-8", "backslashreplace"))
        if not _reads(column, codec):
            return f"the name of column {called}"
        if not _reads(b"\n".join(values), codec):
            for row, value in enumerate(values):
                if not _reads(value, codec):
                    given = quoted(value.strip().decode("ascii", "backslashreplace"))
                    return f"{rows([row])}, column {called}: {given}"
    return None


def _reads(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeError:
        return False
    return True
