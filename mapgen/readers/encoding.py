"""The bytes of a text file in, its text out, if they are UTF-8.

What is not UTF-8 is refused, with a word on what it looks like: a wrong guess would put garbled names on a
map without anyone being told.
"""

from __future__ import annotations

import re

from mapgen.errors import InputError, Position, Problem

_LETTERS = re.compile(rb"[\xc0-\xff]+")
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_REMEDY = "Save it as UTF-8 (in Excel: 'CSV UTF-8'; in a text editor: save with the encoding UTF-8)."


def decode(data: bytes, file: str) -> str:
    """Return the text of a file; a byte order mark is left out.

    Raises
    ------
    InputError
        If it is not UTF-8, naming the row and what the encoding looks like.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Problem(Position(file, 1, 1), f"the file is UTF-16. {_REMEDY}"))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        message = (
            "this is a spreadsheet or a zip file, not text. Give it the name of what it is, such as .xlsx."
        )
        raise InputError(Problem(Position(file), message))
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        line = len(re.findall(r"\r\n|\r|\n", before)) + 1
        column = len(re.split(r"\r\n|\r|\n", before)[-1]) + 1
        looks = _looks_like(body)
        message = f"row {line} is not UTF-8: the byte 0x{body[error.start]:02X}. {looks}{_REMEDY}"
        raise InputError(Problem(Position(file, line, column), message)) from None


def _looks_like(data: bytes) -> str:
    """Say which encoding of one byte a character the bytes look like.

    Words of a script of its own come as runs of high bytes, in Cyrillic most of them small letters; in
    western text a high byte stands among plain letters.
    """
    runs = _LETTERS.findall(data)
    letters = b"".join(runs)
    if len(letters) >= 2.5 * len(runs) > 0:
        small = sum(byte >= 0xE0 for byte in letters)
        name = "cp1251 (Windows, Cyrillic)" if small > 0.6 * len(letters) else "cp1256 (Windows, Arabic)"
    elif _NOT_IN_1252.search(data):
        return ""
    else:
        name = "cp1252 (Windows, western)"
    return f"It looks like {name}. "
