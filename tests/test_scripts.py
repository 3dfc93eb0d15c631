"""Scripts: how the languages of quotations are written."""

from __future__ import annotations

import pytest

from mapgen.scripts import direction_of, foreign_letter


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        *((None, "auto"), ("en", "ltr"), ("fa", "rtl"), ("ar-EG", "rtl"), ("PS", "rtl")),
        *(("uz-Arab", "rtl"), ("az-Cyrl-AZ", "ltr"), ("pa-Arab-PK", "rtl"), ("ar-Latn", "ltr")),
    ],
    ids=str,
)
def test_a_quotation_is_set_in_the_direction_of_its_language(language: str | None, direction: str) -> None:
    assert direction_of(language) == direction


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("So it is, said Łukasz Ẽ; 100 % – “quoted” ﬁnd ɪpa ʻokina", None),
        ("CNN: مرز بسته است", "م"),
        ("граница", "г"),
        ("边界", "边"),
        ("12 °C ± 3 €", None),
    ],
)
def test_letters_of_other_scripts_are_told_from_accents_and_signs(text: str, letter: str | None) -> None:
    assert foreign_letter(text) == letter
