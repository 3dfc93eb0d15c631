"""Check the record: whether sources, dates, quotations and relations of claims can be relied on.

In: a project. Out: findings for authors. Never raises on content; whether
geography holds is checked in `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from mapgen import dates
from mapgen.dates import FuzzyDate
from mapgen.disputes import Dispute, read_disputes
from mapgen.model import Annotation, Finding, Project, Source
from mapgen.scripts import foreign_letter

LIKELIHOOD = (
    r"almost no chance|remote|(?:very |highly )?(?:un)?likely|(?:very |highly )?(?:im)?probabl[ey]"
    r"|roughly even (?:chance|odds)|almost certain(?:ly)?|nearly certain"
)
CONFIDENCE = r"(?:low|moderate|medium|high)[ -](?:analytic )?confidence|confidence is (?:low|moderate|high)"
FIRST_SCALE = (
    r"almost no chance|very unlikely|\bunlikely|roughly even chance|\blikely|very likely|almost certain"
)
SECOND_SCALE = r"remote|improbabl[ey]|\bprobabl[ey]|roughly even odds|nearly certain"
"""ICD 203 gives two sets of terms and asks not to mix them."""

NEARLY_SAME = 0.9
"""Share of two texts that agrees from which they are almost the same."""

MOST_COMPARED = 60
"""Claims at one location that are compared with each other."""


_ESTIMATE = re.compile(LIKELIHOOD, re.IGNORECASE)


def check_record(project: Project, covered: Iterable[str]) -> list[Finding]:
    """Check everything about a project that its boundary data has no say in.

    Parameters
    ----------
    project : Project
    covered : iterable of str
        Codes of the disputed areas that the boundary data has.

    Returns
    -------
    list of Finding
    """
    return [
        *_check_sources(project),
        *(
            finding
            for annotation in project.annotations
            for finding in _check_annotation(annotation, project)
        ),
        *_check_relations(project),
        *_check_duplicates(project),
        *_check_disputes(project, set(covered)),
    ]


def _check_sources(project: Project) -> Iterator[Finding]:
    used = {annotation.source for annotation in project.annotations}
    for source in project.sources.values():
        at = source.position()
        if source.id not in used:
            yield Finding(
                "note",
                "source-unused",
                at,
                f"no annotation names the source {source.id!r}",
                "Take it out, or use it",
            )
        if source.date is None:
            yield Finding(
                "note",
                "source-undated",
                at,
                f"the source {source.id!r} has no date",
                "Give its date if it has one",
            )
        if not (source.url or source.archive_url or source.publisher):
            message = f"the source {source.id!r} says neither url nor archive_url nor publisher"
            yield Finding("note", "source-without-locator", at, message, "Say where a reader can find it")
        if source.url and not source.archive_url:
            message = f"the source {source.id!r} has an address and no archived copy"
            yield Finding(
                "note", "source-unarchived", at, message, "Archive the page and give its archive_url"
            )
        yield from _check_source_dates(source, project)


def _check_source_dates(source: Source, project: Project) -> Iterator[Finding]:
    published, accessed = _date(source.date), _date(source.accessed)
    if _later(published, accessed):
        message = f"the source {source.id!r} was accessed {source.accessed} and published {source.date}"
        yield Finding(
            "warning",
            "accessed-before-published",
            source.position("accessed"),
            message,
            "Correct one of the dates",
        )
    if _later(published, _date(project.as_of)):
        message = (
            f"the source {source.id!r} was published {source.date}, after the as-of date {project.as_of}"
        )
        yield Finding(
            "warning", "date-after-as-of", source.position("date"), message, "Correct one of the dates"
        )


def _check_annotation(annotation: Annotation, project: Project) -> Iterator[Finding]:
    if annotation.quote and annotation.speaker is None:
        message = f"{annotation.id!r} has a quotation and no speaker"
        yield Finding(
            "warning",
            "quote-without-speaker",
            annotation.position("quote"),
            message,
            "Say who said it, if only the role",
        )
    yield from _check_translation(annotation)
    date, source = _date(annotation.date), project.sources[annotation.source]
    if _later(date, _date(project.as_of)):
        message = f"{annotation.id!r} is dated {annotation.date}, after the as-of date {project.as_of}"
        yield Finding(
            "warning", "date-after-as-of", annotation.position("date"), message, "Correct one of the dates"
        )
    if _later(date, _date(source.date)):
        message = f"{annotation.id!r} is dated {annotation.date}, and its source was published {source.date}"
        yield Finding(
            "warning",
            "date-after-source",
            annotation.position("date"),
            message,
            "Correct one of them, or note that it is a forecast",
        )
    for field in ("note", "claim"):
        yield from _check_wording(annotation, field, getattr(annotation, field) or "")


def _check_translation(annotation: Annotation) -> Iterator[Finding]:
    """Check that a translation has an original, and that an original in another script says its language."""
    quote, translated = annotation.quote, annotation.quote_translation
    code = "translation-without-quote"
    if translated and not quote:
        message = f"{annotation.id!r} has a translation and no quotation"
        at = annotation.position("quote_translation")
        yield Finding("warning", code, at, message, "Give the quote as it was said")
    if annotation.quote_translator and not translated:
        message = f"{annotation.id!r} has a translator and no translation"
        at = annotation.position("quote_translator")
        yield Finding("warning", code, at, message, "Give the quote_translation, or take the name out")
    if quote and annotation.quote_language is None and (letter := foreign_letter(quote)):
        message = f"the quotation of {annotation.id!r} has letters such as {letter!r} and no quote_language"
        remedy = "Give its language, such as fa: browsers choose direction, letters and voice by it"
        yield Finding("note", "quote-without-language", annotation.position("quote"), message, remedy)


def _check_wording(annotation: Annotation, field: str, text: str) -> Iterator[Finding]:
    """Check a text for what ICD 203 asks estimates to keep apart."""
    if not _ESTIMATE.search(text):
        return
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if re.search(LIKELIHOOD, sentence, re.IGNORECASE) and re.search(CONFIDENCE, sentence, re.IGNORECASE):
            message = f"the {field} of {annotation.id!r} states likelihood and confidence in one sentence"
            yield Finding(
                "warning",
                "likelihood-with-confidence",
                annotation.position(field),
                message,
                "Make two sentences of it",
            )
    if field == "note" and all(
        re.search(scale, text, re.IGNORECASE) for scale in (FIRST_SCALE, SECOND_SCALE)
    ):
        message = f"the note of {annotation.id!r} mixes terms of likelihood ('likely' and 'probable')"
        yield Finding(
            "note", "likelihood-vocabulary", annotation.position(field), message, "Keep to one set of terms"
        )


def _check_relations(project: Project) -> Iterator[Finding]:
    annotations = {annotation.id: annotation for annotation in project.annotations}
    for annotation in project.annotations:
        if annotation.id in _reached(annotation.id, annotations):
            message = f"{annotation.id!r} supersedes itself by way of others"
            yield Finding(
                "error",
                "supersedes-circle",
                annotation.position("supersedes"),
                message,
                "Take one of the relations out",
            )
        for other in annotation.supersedes:
            if other in annotations and annotations[other].status == "asserted":
                message = f"{other!r} is superseded by {annotation.id!r} and still asserted"
                at = annotations[other].position("status")
                yield Finding(
                    "note",
                    "superseded-but-asserted",
                    at,
                    message,
                    "Give it status: retracted, if it was withdrawn",
                )


def _reached(start: str, annotations: Mapping[str, Annotation]) -> set[str]:
    """Return all annotations that one supersedes, directly or by way of others."""
    seen: set[str] = set()
    waiting = list(annotations[start].supersedes)
    while waiting:
        here = waiting.pop()
        if here in annotations and here not in seen:
            seen.add(here)
            waiting.extend(annotations[here].supersedes)
    return seen


def _check_duplicates(project: Project) -> Iterator[Finding]:
    """Compare claims at the same location only: few in a project of thousands share one."""
    groups: dict[object, list[Annotation]] = {}
    for annotation in project.annotations:
        groups.setdefault(frozenset((place.kind, place.value) for place in annotation.where), []).append(
            annotation
        )
    for several in groups.values():
        seen: dict[str, Annotation] = {}
        for annotation in several:
            text = " ".join(re.findall(r"\w+", annotation.claim.casefold()))
            if text in seen:
                yield _duplicate("claim-duplicate", "warning", annotation, seen[text], "the same claim")
                continue
            # The matcher keeps what it learns of its second text.
            matcher = SequenceMatcher(None, "", text, autojunk=False)
            # Above this the comparison of all pairs would take longer than the build.
            for other, earlier in seen.items() if len(seen) <= MOST_COMPARED else ():
                matcher.set_seq1(other)
                if matcher.real_quick_ratio() >= NEARLY_SAME and _is_near(matcher):
                    yield _duplicate(
                        "claim-near-duplicate", "note", annotation, earlier, "almost the same claim"
                    )
                    break
            seen[text] = annotation


def _is_near(matcher: SequenceMatcher[str]) -> bool:
    return matcher.quick_ratio() >= NEARLY_SAME and matcher.ratio() >= NEARLY_SAME


def _duplicate(code: str, severity: str, annotation: Annotation, earlier: Annotation, what: str) -> Finding:
    message = f"{annotation.id!r} makes {what} at the same location as {earlier.id!r}"
    remedy = "Take one out, or say by supports: that one confirms the other"
    return Finding(
        "warning" if severity == "warning" else "note", code, annotation.position("claim"), message, remedy
    )


def _check_disputes(project: Project, covered: set[str]) -> Iterator[Finding]:
    named = set(project.territories)
    for dispute in read_disputes():
        if _touches(dispute, named) and not covered & set(dispute.areas):
            message = f"the map touches {dispute.name}, and its boundary data has no area for it"
            remedy = "Say so in the lead, or set this aside with a reason"
            yield Finding("note", "dispute-without-data", project.position("territories"), message, remedy)


def _touches(dispute: Dispute, named: set[str]) -> bool:
    """Tell whether a map of some territories draws one that a dispute is about."""
    return bool(named & set(dispute.parties))


def _date(text: str | None) -> FuzzyDate | None:
    return dates.parse(text) if text else None


def _later(one: FuzzyDate | None, other: FuzzyDate | None) -> bool:
    """Tell whether all that one date can mean is later than all that another can."""
    if one is None or other is None or one.earliest is None or other.latest is None:
        return False
    return one.earliest > other.latest
