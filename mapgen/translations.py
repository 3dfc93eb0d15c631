"""Texts of a project in other languages, as its files give them.

In: what stands under ``translations``, by language. Out: immutable values that the model holds. Which of them
a page shows, and what it says where there is none, is the work of ``views``.
"""

from __future__ import annotations

from pydantic import Field

from mapgen.fields import Language, Model, OptionalText, as_list


class ClaimTexts(Model):
    """The texts of one claim in another language; what is left out is shown in the project's."""

    claim: OptionalText = Field(default=None, description="The claim.")
    quote: OptionalText = Field(default=None, description="The quote, translated; the original stays.")
    speaker_name: OptionalText = Field(default=None, description="The speaker's name.")
    speaker_role: OptionalText = Field(default=None, description="The speaker's role.")
    note: OptionalText = Field(default=None, description="The analyst's remark.")


class LayerTexts(Model):
    """The texts of a layer in another language."""

    title: OptionalText = Field(default=None, description="What readers see.")
    description: OptionalText = Field(default=None, description="One line for readers.")


class StepTexts(Model):
    """The text of a step of the story in another language."""

    text: OptionalText = Field(default=None, description="What readers are told at this step.")


class MapTexts(Model):
    """The texts of a map, or of all of them, in another language."""

    title: OptionalText = Field(default=None, description="Heading.")
    lead: OptionalText = Field(default=None, description="One sentence under the heading.")
    credit: OptionalText = Field(default=None, description="Who made the maps; of the project only.")


def first_of_languages(value: object) -> object:
    """Take the first of a project's languages as the maps' own, where no other is named."""
    if not isinstance(value, dict) or value.get("language") is not None:
        return value
    several = as_list(value.get("languages"))
    return {**value, "language": several[0]} if isinstance(several, list | tuple) and several else value


ClaimTranslations = dict[Language, ClaimTexts]
LayerTranslations = dict[Language, LayerTexts]
MapTranslations = dict[Language, MapTexts]
StepTranslations = dict[Language, StepTexts]
