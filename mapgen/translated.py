"""Take a project's texts in another language.

In: a project, and a language that its readers can choose. Out: the project as if it had been written in that
language, as far as it has translations; what has none stays as it is. Nothing is translated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mapgen.model import Annotation, Layer, MapSpec, Project, StoryStep
from mapgen.translations import ClaimTexts, LayerTexts, MapTexts, StepTexts

Texts = ClaimTexts | LayerTexts | MapTexts | StepTexts | None
Translated = Annotation | Layer | MapSpec | Project | StoryStep


def texts_in(translations: Mapping[str, Any], language: str) -> Texts:
    """Return the texts in a language; those of ``fa`` serve for ``fa-AF``, too."""
    by_tag = {tag.lower(): texts for tag, texts in translations.items()}
    tag = language.lower()
    return by_tag.get(tag) or by_tag.get(tag.partition("-")[0])


def in_language(project: Project, language: str) -> Project:
    """Return a project in another language.

    Parameters
    ----------
    project : Project
    language : str
        One of those that it offers.
    """
    if language == project.language:
        return project
    return project.model_copy(
        update={
            "language": language,
            **_changed(project, language, "title", "lead", "credit"),
            "layers": tuple(_in_language(each, language, "title", "description") for each in project.layers),
            "maps": tuple(_in_language(each, language, "title", "lead") for each in project.maps),
            "story": tuple(_in_language(each, language, "text") for each in project.story),
            "annotations": tuple(_annotation(each, language) for each in project.annotations),
        }
    )


def missing(subject: Translated, language: str) -> tuple[str, ...]:
    """Return the names of the texts that something has no translation of."""
    texts = texts_in(subject.translations, language)
    return tuple(name for name in _names(subject) if not getattr(texts, name, None))


def _names(subject: Translated) -> tuple[str, ...]:
    kinds: dict[type, type[ClaimTexts | LayerTexts | StepTexts]]
    kinds = {Annotation: ClaimTexts, Layer: LayerTexts, StoryStep: StepTexts}
    return tuple(kinds.get(type(subject), MapTexts).model_fields)


def _in_language(subject: Any, language: str, *names: str) -> Any:
    return subject.model_copy(update=_changed(subject, language, *names))


def _changed(subject: Any, language: str, *names: str) -> dict[str, str]:
    """Return the texts that there are both in the original and in the language."""
    texts = texts_in(subject.translations, language)
    given = {name: getattr(texts, name, None) for name in names if getattr(subject, name)}
    return {name: text for name, text in given.items() if text}


def _annotation(annotation: Annotation, language: str) -> Annotation:
    changed: dict[str, Any] = _changed(annotation, language, "claim", "note")
    texts = texts_in(annotation.translations, language)
    if isinstance(texts, ClaimTexts):
        if texts.quote and annotation.quote:
            changed["quote_translation"] = texts.quote
        if annotation.speaker:
            said = {"name": texts.speaker_name, "role": texts.speaker_role}
            own = {name: text for name, text in said.items() if text and getattr(annotation.speaker, name)}
            changed["speaker"] = annotation.speaker.model_copy(update=own)
    return annotation.model_copy(update=changed)
