"""Know every finding by its code: what it means, how it is set aside with a reason, and how it is written.

In: findings of all stages, and what a project sets aside. Out: those that stand, those that are set aside,
and their text for people, programs and code hosts. What is checked is decided in the stages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapgen.errors import Finding, Problem, visible

if TYPE_CHECKING:
    from mapgen.model import Project

CODES: Mapping[str, str] = {
    "cannot-build": "Something the project names is not there, or a file cannot be read.",
    "unknown-territory": "No territory of the boundary dataset has this code.",
    "unknown-place": "The gazetteer has no place of this name.",
    "ambiguous-place": "Several places have this name.",
    "no-such-border": "The two territories share no border.",
    "unreadable-area": "The area's file is missing, or holds no polygon in degrees.",
    "route-gap": "A route passes between territories that share no border; that part is a straight line.",
    "point-far-away": "A point lies outside the project's territories and their neighbours.",
    "point-outside-territory": "A claim names a territory and a point outside it.",
    "assertion-refuted": "The boundary data contradicts what an annotation asserts.",
    "assertion-partly": "The boundary data confirms only a part of what an annotation asserts.",
    "assertion-untested": "The boundary data cannot test what an annotation asserts.",
    "quote-without-speaker": "A quotation says no one who said it.",
    "quote-without-language": "A quotation in another script than Latin does not say its language.",
    "translation-without-quote": "A translation has no original, or a translator no translation.",
    "source-undated": "A source has no date.",
    "source-without-locator": "A source says neither an address nor a publisher nor an archived copy.",
    "source-unarchived": "A source on the web has no archived copy.",
    "source-unused": "No annotation names this source.",
    "date-after-source": "A claim speaks of a time after its source was published.",
    "date-after-as-of": "A claim or a source is later than the date that the map speaks for.",
    "accessed-before-published": "A source was read before it was published.",
    "likelihood-with-confidence": "One sentence states likelihood and confidence, which ICD 203 keeps apart.",
    "likelihood-vocabulary": "A remark mixes terms of likelihood from different scales.",
    "supersedes-circle": "Annotations supersede each other in a circle.",
    "superseded-but-asserted": "An annotation is superseded by another, and still asserted.",
    "claim-duplicate": "Two annotations make the same claim at the same location.",
    "claim-near-duplicate": "Two annotations make almost the same claim at the same location.",
    "dispute-without-data": "The map touches a disputed area that its boundary data has no area for.",
    "projection-unfit": "No cone fits the region, so the map is drawn in Mercator.",
    "worldview-unanswered": "The boundary dataset cannot answer the worldview.",
    "worldview-not-offered": "The boundary dataset lacks a worldview that readers were to switch to.",
    "boundary-without-code": "Features of the boundary file have no code and are left out.",
    "boundary-parts-joined": "Features of the boundary file with one code are joined.",
    "theme-contrast": "Two colours of the theme are too alike to be read well.",
    "language-without-words": "The page has no words of its own in a language, and shows them in English.",
    "translation-missing": "Claims have no translation into a language that readers can choose.",
    "silence-unused": "An entry of silence sets nothing aside.",
    "columns-left-out": "Columns that no key of a claim has are not read.",
    "table-separator": "A CSV file has semicolons or tabs for commas.",
    "ids-made": "Claims without an id got one from the feature.",
    "claims-crs": "A geographic file does not say its CRS, and is read as degrees.",
    "boundary-crs": "No CRS, and read as degrees; or a CRS that nobody knows.",
    "boundary-mended": "Polygons that are not valid were mended.",
    "boundary-empty": "Features without geometry are left out.",
    "boundary-deleted": "Records marked as deleted are left out.",
    "boundary-encoding": "The encoding of the names is in doubt.",
    "boundary-column": "A column has an odd name.",
    "boundary-text": "A text has control characters or wide gaps.",
    "boundary-blank": "Records have NULs where others have blanks.",
    "boundary-jump": "An outline jumps to a point far off and back.",
    "boundary-mismatch": "A border has a point where the neighbour has another.",
    "boundary-elsewhere": "A polygon is not where its label's columns say.",
    "boundary-extent": "The header of a shapefile gives another extent than its coordinates.",
    "boundary-reader": "GDAL has a remark of its own.",
}
"""What each finding means, by its code; docs/checks.md says what to do about each."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding that the project sets aside, and its reason."""

    finding: Finding
    reason: str


def set_aside(project: Project, findings: Iterable[Finding]) -> tuple[list[Finding], list[SetAside]]:
    """Take out the findings that a project sets aside.

    Parameters
    ----------
    project : Project
        Its ``silence`` names codes, for all annotations or one, each with a reason.
    findings : iterable of Finding
        Those of severity ``error`` always stand.

    Returns
    -------
    standing : list of Finding
        With a finding of its own for each entry of ``silence`` that sets nothing aside.
    aside : list of SetAside
    """
    standing: list[Finding] = []
    aside: list[SetAside] = []
    used: set[int] = set()
    for finding in findings:
        for index, entry in enumerate(project.silence):
            meant = entry.annotation is None or entry.annotation == _subject(finding, project)
            if entry.check == finding.code and meant and finding.severity != "error":
                used.add(index)
                aside.append(SetAside(finding, entry.reason))
                break
        else:
            standing.append(finding)
    for index, entry in enumerate(project.silence):
        if index not in used:
            message = f"nothing is found that {entry.check!r} would set aside here"
            at = project.position("silence", index)
            standing.append(Finding("note", "silence-unused", at, message, "Take the entry out"))
    return standing, aside


def _subject(finding: Finding, project: Project) -> str | None:
    """Return the id of the annotation that a finding is about: the nearest above it in its file."""
    if finding.position is None:
        return None
    here = finding.position.sort_key()
    above = [
        (at.sort_key()[1], annotation.id)
        for annotation in project.annotations
        if (at := annotation.position()) is not None and at.file == finding.position.file
    ]
    return max((each for each in above if each[0] <= here[1]), default=(0, None))[1]


def write_text(findings: Sequence[Finding], aside: Sequence[SetAside] = ()) -> str:
    """Write findings for people, one a line, then those set aside with their reasons."""
    lines = [_line(finding) for finding in findings]
    lines += [f"{_line(each.finding, 'set aside')} Reason: {visible(each.reason)}" for each in aside]
    return "\n".join(lines)


def write_json(findings: Sequence[Finding], aside: Sequence[SetAside] = ()) -> str:
    """Write findings for programs: a list of objects, with ``set_aside`` holding the reason or null."""
    rows = [_row(finding, None) for finding in findings] + [_row(each.finding, each.reason) for each in aside]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def write_github(findings: Sequence[Finding], aside: Sequence[SetAside] = ()) -> str:
    """Write findings as workflow commands, which code hosts show beside the lines."""
    rows = [(finding, finding.severity, "") for finding in findings]
    rows += [(each.finding, "note", f" (set aside: {each.reason})") for each in aside]
    return "\n".join(_command(finding, level, more) for finding, level, more in rows)


def as_problem(finding: Finding) -> Problem:
    """Return a finding as what a build stops at."""
    message, *more = map(sentence, filter(None, [finding.message, finding.remedy]))
    return Problem(finding.position, " ".join([message, *(part[0].upper() + part[1:] for part in more)]))


def _line(finding: Finding, severity: str | None = None) -> str:
    where = f"{finding.position}: " if finding.position else ""
    remedy = f" To do: {sentence(finding.remedy)}" if finding.remedy else ""
    text = f"{severity or finding.severity} [{finding.code}]: {sentence(finding.message)}{remedy}"
    return where + visible(text)


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _row(finding: Finding, reason: str | None) -> dict[str, object]:
    at = finding.position
    return {
        "severity": finding.severity,
        "code": finding.code,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        "message": finding.message,
        "remedy": finding.remedy,
        "set_aside": reason,
    }


def _command(finding: Finding, level: str, more: str) -> str:
    at = finding.position
    where = {"file": at.file, "line": at.line, "col": at.column} if at else {}
    told = ",".join(f"{key}={_escape(str(value), ',:')}" for key, value in where.items() if value is not None)
    title = f"title={_escape(finding.code, ',:')}"
    message = _escape(visible(f"{sentence(finding.message)} {finding.remedy}".strip() + more), "")
    name = {"error": "error", "warning": "warning", "note": "notice"}[level]
    return f"::{name} {','.join(filter(None, [told, title]))}::{message}"


def _escape(text: str, others: str) -> str:
    """Escape what has a meaning in workflow commands."""
    for sign in "%\r\n" + others:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
