"""Check what a project asks of its pages: colours that can be told apart, languages that have words.

In: a project. Out: findings. Nothing is drawn, and the boundary data is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mapgen.errors import quoted
from mapgen.languages import read_words, shipped
from mapgen.model import Finding, Project
from mapgen.themes import find_poor_contrasts
from mapgen.translated import missing


def check_page(project: Project) -> Iterator[Finding]:
    """Find what readers of the pages would miss.

    Parameters
    ----------
    project : Project

    Yields
    ------
    Finding
        ``theme-contrast`` with the figures, ``language-without-words``, ``translation-missing``.
    """
    yield from _check_colours(project)
    yield from _check_words(project)
    yield from _check_translations(project)


def _check_colours(project: Project) -> Iterator[Finding]:
    for poor in find_poor_contrasts(project.theme):
        at = project.position("theme", poor.scheme)
        pair = f"{poor.colour} on {poor.ground} of the {poor.scheme} theme"
        message = f"{pair} has a contrast of {poor.ratio:.2f}:1, less than {poor.wanted:g}:1"
        yield Finding("warning", "theme-contrast", at, message, "Make one of the two lighter or darker")


def _check_words(project: Project) -> Iterator[Finding]:
    for number, language in enumerate(project.offered):
        if read_words(language).language != language.lower().partition("-")[0]:
            at = project.position("languages", number) if project.languages else project.position("language")
            message = f"the page has no words of its own in {quoted(language)}: they are shown in English"
            remedy = f"There are {', '.join(shipped())}; add a catalogue"
            yield Finding("note", "language-without-words", at, message, remedy)


def _check_translations(project: Project) -> Iterator[Finding]:
    total = len(project.annotations)
    for language in project.offered[1:]:
        bare = [each.id for each in project.annotations if "claim" in missing(each, language)]
        if bare:
            named = f"{', '.join(bare[:3])}{', ...' if len(bare) > 3 else ''}"
            message = f"{len(bare)} of {total} claims have no translation into {quoted(language)}: {named}"
            remedy = f"Write it under translations: {{{language}: {{claim: ...}}}}; until then it is marked"
            yield Finding("note", "translation-missing", project.position("languages"), message, remedy)
