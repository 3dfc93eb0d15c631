"""Inline a page's own styles and scripts: put together, squeezed, and allowed by their hashes alone.

In: the files of this package, and which of them a page uses. Out: texts to stand in the page, and the
Content-Security-Policy that allows them and nothing else. No text of a user's comes here but a theme's block
of style, which `themes` has checked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

PACKAGE = Path(__file__).parent


def json_block(value: Any) -> str:
    """Return JSON that can stand in a script element: ASCII only, no ``<``, ``>`` or ``&``, no NaN."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def join_modules(folder: Path, *entries: str, shared: Path | None = None) -> str:
    """Join small ES modules into one script, each after those that it imports.

    The modules keep to one form, so that no bundler is needed: ``import {a, b} from "./file.js";`` on a
    line of its own, ``export`` only before a declaration at the start of a line, and top-level names unique
    over all modules. Then taking out the import lines and the word ``export`` leaves the same program in one
    scope, which is a strict function. Lines that are comments only are left out of the page.

    Parameters
    ----------
    folder : Path
        Where the modules lie.
    *entries : str
        The modules that nothing imports, in the order in which they run: ``main.js``, then the features'.
    shared : Path, optional
        Where modules lie that `folder` does not have.

    Returns
    -------
    str
        One classic script.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        if name in joined:
            return
        own = folder / name
        path = own if shared is None or own.exists() else shared / name
        text = path.read_text(encoding="utf-8")
        for needed in _IMPORT.findall(text):
            add(needed)
        joined[name] = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", text))).strip()

    for entry in entries:
        add(entry)
    return '(function () {\n"use strict";\n' + "\n\n".join(joined.values()) + "\n})();"


_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z-]+\.js)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |let |class |function |async function )", re.MULTILINE)


DARK = {"auto": "screen and (prefers-color-scheme:dark)", "dark": "screen", "light": ""}
"""The medium of the dark scheme, by the scheme that a theme asks for; paper is white whatever it is."""

SCRIPT = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
"""Letters that not every device has a font for: Arabic ones, for which a page carries Vazirmatn."""

FAMILY = "Vazirmatn"
_RANGE = "U+600-6FF,U+750-77F,U+8A0-8FF,U+200C-200F,U+FB50-FDFF,U+FE70-FEFC"


@cache
def inline(
    features: tuple[str, ...] = (), *, scheme: str = "auto", theme: str = "", weights: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Return styles and scripts with the policy that allows them, and only them, by hash.

    Parameters
    ----------
    features : tuple of str
        What the page has and another one may not.
    scheme : str
        ``light``, ``dark`` or ``auto``.
    theme : str
        A block of style from `themes.style_of`.
    weights : tuple of int
        Of the font that the page carries, 400 and 600; without one it carries none.
    """
    leaflet, assets = PACKAGE / "vendor" / "leaflet", PACKAGE / "assets"
    sheets = [assets / f"{name}.css" for name in ("page", "print", *features)]
    own = "\n".join(_read(sheet) for sheet in sheets if sheet.exists())
    dark = f"@media {DARK[scheme]}{{{_squeeze_style(_read(assets / 'dark.css'))}}}" if DARK[scheme] else ""
    fonts = "".join(map(_font, weights))
    styles = [_leaflet_style(_read(leaflet / "leaflet.css")), fonts + _squeeze_style(own) + dark + theme]
    early = _squeeze_script(_read(assets / "js" / "early.js"))
    first = [_squeeze_script(join_modules(assets / "js", "translate.js"))] if "languages" in features else []
    modules = join_modules(assets / "js", "main.js", *(f"{name}.js" for name in features))
    scripts = [*first, _without_map(_read(leaflet / "leaflet.js")), _squeeze_script(modules)]
    policy = "; ".join(
        [
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "script-src " + " ".join(source_hash(text) for text in [early, *scripts]),
            "style-src " + " ".join(map(source_hash, styles)),
            "img-src data:",
            *(["font-src data:"] if weights else []),
        ]
    )
    return {
        "policy": Markup(policy),
        "styles": list(map(Markup, styles)),
        "early": Markup(early),
        "scripts": list(map(Markup, scripts)),
    }


def _font(weight: int) -> str:
    """Return the rule of one weight of the font that pages carry, with the font in it."""
    data = (PACKAGE / "vendor" / "vazirmatn-web" / f"vazirmatn-arabic-{weight}.woff2").read_bytes()
    source = f'url(data:font/woff2;base64,{base64.b64encode(data).decode("ascii")})format("woff2")'
    weights = "100 500" if weight == 400 else "501 900"
    about = f'font-family:"{FAMILY}";font-display:block;font-weight:{weights};unicode-range:{_RANGE}'
    return f"@font-face{{{about};src:{source}}}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("\r\n", "\n").strip()


def source_hash(text: str) -> str:
    """Return what a Content-Security-Policy calls a script or a style by."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _without_map(script: str) -> str:
    """Take out the line that names a source map: developer tools would ask for it."""
    return re.sub(r"^//[#@] sourceMappingURL=.*$", "", script, flags=re.MULTILINE).strip()


def _squeeze_script(script: str) -> str:
    """Take out lines of comment and indentation; the modules have no text that goes over several lines."""
    return re.sub(r"^\s+|^\s*//.*\n", "", script, flags=re.MULTILINE)


def _squeeze_style(style: str) -> str:
    """Take out comments and what white space a style sheet does not need."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", bare).replace(";}", "}").strip()


_UNUSED = re.compile(
    r"popup|tooltip|-layers|attribution|-tile|-shadow|-scale|control-zoom|-bar\b|image-layer|oldie|vml|retina"
)


def _leaflet_style(style: str) -> str:
    """Keep the rules that this page needs: none that names a picture, none of controls not in use."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    rules = [match for match in re.findall(r"([^{}]+)\{([^{}]*)\}", bare) if "url(" not in match[1]]
    used = [(", ".join(s for s in names.split(",") if not _UNUSED.search(s)), body) for names, body in rules]
    return _squeeze_style("".join(f"{names.strip()} {{{body}}}" for names, body in used if names.strip()))
