"""What a project says of its own record: findings that it sets aside, and what it corrected.

Both are shown to readers. What they refer to is checked in ``findings`` and ``project``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mapgen.fields import Date, Id, Model, OptionalText, Text


class Silence(Model):
    """A finding that the project sets aside, with the reason; the reason is shown."""

    check: Annotated[str, Field(pattern=r"^[a-z][a-z-]{2,63}$")] = Field(
        description="Code of the finding, such as source-undated."
    )
    annotation: Id | None = Field(default=None, description="Only for this annotation; without it, for all.")
    reason: Text = Field(description="Why; shown by the check and on the page.")


class Correction(Model):
    """A correction of what earlier editions said, as readers are told of it."""

    date: Date = Field(description="When it was corrected, as EDTF: 2024-05-17.")
    claim: Id = Field(description="Id of the claim that was corrected, or withdrawn by status: retracted.")
    what: Text = Field(description="What was corrected, as one sentence.")
    why: OptionalText = Field(default=None, description="Why, as one sentence.")
