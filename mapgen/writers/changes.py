"""Tell what changed between two editions: as text, as Markdown and as JSON.

In: a `Difference`. Out: texts. All forms tell the same, in the same order: claims, sources, boundaries,
settings, and the project's own record of corrections. The map that shows it is made in `changesmap`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mapgen.difference import Change, Changed, Difference, Items, tell
from mapgen.errors import visible
from mapgen.languages import Words, read_words
from mapgen.told import Parts, Row, Section, Told


def outline(difference: Difference) -> list[Section]:
    """Return all that changed, in the order in which it is told; sections without a change are left out."""
    sections = [
        Section("claims", tuple(_tell_items(difference.claims, "claim"))),
        Section("sources", tuple(_tell_items(difference.sources, "title"))),
        Section("boundaries", tuple(_tell_boundaries(difference))),
        Section(
            "settings", tuple(Told(("changed",), c.field, "", (row_of(c),)) for c in difference.settings)
        ),
        Section("corrections", tuple(_tell_correction(each) for each in difference.corrections)),
    ]
    return [section for section in sections if section.told]


def summarise(difference: Difference, words: Words | None = None) -> str:
    """Return how much changed, in a sentence."""
    words = words or read_words("en")
    claims, sources = difference.claims, difference.sources
    retracted = [each for each in claims.changed if "withdrawn" in each.kinds]
    boundaries = len(difference.borders) + (difference.dataset is not None)
    counts = {
        "claims_added": len(claims.added),
        "claims_withdrawn": len(claims.removed) + len(retracted),
        "claims_changed": len(claims.changed) - len(retracted),
        "sources": len(sources.added) + len(sources.removed) + len(sources.changed),
        "boundaries": boundaries,
        "settings": len(difference.settings),
        "corrections": len(difference.corrections),
    }
    said = [words(f"changes.count.{name}", count=count) for name, count in counts.items() if count]
    return words("list.comma").join(said) or words("changes.none")


def row_of(change: Change) -> Row:
    """Return a field's change as a text in parts."""
    label = change.field.replace("_", " ")
    if change.field == "area":
        return Row(label, (("+", read_words("en")("changes.outline")),))
    return Row(label, tuple(change.words()))


def _tell_items(items: Items, text: str) -> Iterator[Told]:
    yield from (Told(("added",), str(item["id"]), tell(item.get(text))) for item in items.added)
    yield from (Told(("withdrawn",), str(item["id"]), tell(item.get(text))) for item in items.removed)
    for changed in items.changed:
        kinds = changed.kinds if text == "claim" else ("changed",)
        rows = tuple(map(row_of, changed.changes))
        yield Told(kinds, changed.id, tell(changed.new.get(text)), rows)


def _tell_boundaries(difference: Difference) -> Iterator[Told]:
    if (change := difference.dataset) is not None:
        if change.old == change.new:
            yield Told(("changed",), "dataset", tell(change.new))
        else:
            yield Told(("changed",), "dataset", "", (Row("dataset", tuple(change.words())),))
    for border in difference.borders:
        kind = "added" if border.old is None else "withdrawn" if border.new is None else "changed"
        lengths = [
            (sign, value) for sign, value in (("-", border.old), ("+", border.new)) if value is not None
        ]
        parts = tuple((sign, f"{value:,.1f} km") for sign, value in lengths)
        yield Told((kind,), border.field, "", (Row("length", parts),))


def _tell_correction(correction: Mapping[str, Any]) -> Told:
    why = correction.get("why")
    rows = (Row("why", ((" ", tell(why)),)),) if why else ()
    return Told(
        (tell(correction.get("date")),), tell(correction.get("claim")), tell(correction.get("what")), rows
    )


# ---- text


def write_text(difference: Difference) -> str:
    """Write a difference for a terminal: what was taken out in ``[-…-]``, what was put in in ``{+…+}``."""
    words = read_words("en")
    lines = [f"{visible(difference.old)} → {visible(difference.new)}: {summarise(difference)}"]
    for section in outline(difference):
        lines += ["", words(f"changes.{section.name}")]
        for told in section.told:
            kinds = ", ".join(_kind(kind, words) for kind in told.kinds)
            text = ": ".join(filter(None, [told.id, told.text]))
            lines.append(f"  {visible(kinds)}  {visible(text)}")
            lines += [f"      {visible(row.label)}: {_text_parts(row.parts)}" for row in told.rows]
    return "\n".join(lines) + "\n"


def _text_parts(parts: Parts) -> str:
    signs = {" ": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[sign].format(visible(text)) for sign, text in parts)


def _kind(kind: str, words: Words) -> str:
    """Return what happened in words; a correction has its date there."""
    known = ("added", "withdrawn", "changed", "moved", "regraded", "corrected", "renamed")
    return words(f"changes.kind.{kind}") if kind in known else kind


# ---- Markdown


def write_markdown(difference: Difference) -> str:
    """Write a difference as Markdown: what was taken out struck through, what was put in bold."""
    words = read_words("en")
    between = words("changes.between", old=difference.old, new=difference.new)
    title = words("changes.headed", title=between)
    lines = [f"## {_escape(title)}", "", _escape(summarise(difference)) + "."]
    for section in outline(difference):
        lines += ["", f"### {_escape(words(f'changes.{section.name}'))}", ""]
        for told in section.told:
            kinds = ", ".join(_kind(kind, words) for kind in told.kinds)
            text = _escape(": ".join(filter(None, [told.id, told.text])))
            lines.append(f"- **{_escape(kinds)}** {text}")
            lines += [f"  - {_escape(row.label)}: {_markdown_parts(row.parts)}" for row in told.rows]
    return "\n".join(lines) + "\n"


def _markdown_parts(parts: Parts) -> str:
    """Mark what changed; the marks stand at words, since Markdown takes none beside a blank."""
    return "".join(_marked(text, {" ": "", "-": "~~", "+": "**"}[sign]) for sign, text in parts)


def _marked(text: str, mark: str) -> str:
    bare = text.strip()
    if not mark or not bare:
        return _escape(text)
    start = text.index(bare)
    return f"{_escape(text[:start])}{mark}{_escape(bare)}{mark}{_escape(text[start + len(bare) :])}"


def _escape(text: str) -> str:
    r"""Return a text that Markdown shows as it is written, on one line.

    Examples
    --------
    >>> _escape("a *b* <c>")
    'a \\*b\\* &lt;c>'
    """
    line = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", line)


# ---- JSON


def write_json(difference: Difference) -> str:
    """Write a difference for programs: values as the files have them."""
    value = {
        "old": difference.old,
        "new": difference.new,
        "claims": _items(difference.claims),
        "sources": _items(difference.sources),
        "settings": [_change(each) for each in difference.settings],
        "dataset": _change(difference.dataset) if difference.dataset else None,
        "borders": [_change(each) for each in difference.borders],
        "corrections": list(difference.corrections),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _items(items: Items) -> dict[str, Any]:
    return {
        "added": list(items.added),
        "withdrawn": list(items.removed),
        "changed": [_changed(each) for each in items.changed],
    }


def _changed(changed: Changed) -> dict[str, Any]:
    return {
        "id": changed.id,
        "kinds": list(changed.kinds),
        "fields": [_change(each) for each in changed.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"field": change.field, "old": change.old, "new": change.new}
