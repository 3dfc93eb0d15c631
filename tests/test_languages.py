"""Languages: catalogues that say everything, with the plural forms and dates of each language.

And pages that speak several, without anything of it in those that speak one.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from mapgen.build import Edition, build_project
from mapgen.carried import collect
from mapgen.checks import AssertionTester
from mapgen.datewords import describe
from mapgen.errors import InputError
from mapgen.languages import CATEGORIES, PLURALS, Name, Words, read_catalogue, read_words, shipped
from mapgen.loading import load
from mapgen.names import column_of, read_names
from mapgen.project import read_project
from mapgen.switching import data_differences, differences
from mapgen.templating import TEMPLATES
from mapgen.translated import in_language
from mapgen.writers.export import export_project
from tests.projects import REPOSITORY, boundaries, placer, statement, write_project

ENGLISH = read_words("en")
OTHERS = [language for language in shipped() if language != "en"]
# A date may take either form of what it stands for.
ALIKE = {"date_of": "date", "first_of": "first", "last_of": "last"}


def _gaps(text: object) -> set[str]:
    every = text.values() if isinstance(text, dict) else [text]
    return {ALIKE.get(gap, gap) for each in every for gap in re.findall(r"\{(\w+)\}", str(each))}


def test_english_russian_french_and_persian_are_there() -> None:
    assert shipped()[0] == "en"
    assert {"en", "fa", "fr", "ru"} <= set(shipped())


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_says_all_that_english_says_and_nothing_else(language: str) -> None:
    texts = read_words(language).texts
    assert texts.keys() == ENGLISH.texts.keys()
    for key, text in texts.items():
        assert _gaps(text) == _gaps(ENGLISH.texts[key]), key
        assert all(text.values() if isinstance(text, dict) else [text]), key


@pytest.mark.parametrize("language", shipped())
def test_a_catalogue_has_every_plural_form_of_its_language(language: str) -> None:
    words = read_words(language)
    rule = PLURALS[words("about.plurals")]
    used = {rule(number) for number in range(2_000)}
    several = {key: text for key, text in words.texts.items() if isinstance(text, dict)}
    assert several
    for key, forms in several.items():
        # Lists of territories are never of 21: there the form for several serves for all.
        wanted = {"one", "other"} if key.startswith("tested.") else {*used, "other"}
        assert wanted <= set(forms), key
    assert len(words("about.digits")) == 10
    assert words.direction in ("ltr", "rtl")


@pytest.mark.parametrize(
    ("rule", "forms"),
    [
        ("one", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("zero-one", {0: "one", 1: "one", 2: "other"}),
        (
            "slavic",
            {0: "many", 1: "one", 3: "few", 5: "many", 11: "many", 14: "many", 21: "one", 112: "many"},
        ),
        ("polish", {1: "one", 2: "few", 5: "many", 21: "many", 22: "few"}),
        ("czech", {1: "one", 4: "few", 5: "other"}),
        (
            "arabic",
            {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 100: "other", 103: "few"},
        ),
        ("none", {0: "other", 1: "other"}),
    ],
)
def test_plural_forms_are_those_of_the_cldr(rule: str, forms: dict[int, str]) -> None:
    assert {number: PLURALS[rule](number) for number in forms} == forms
    assert {PLURALS[rule](number) for number in range(300)} <= CATEGORIES


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", ["1 claim", "2 claims"]),
        ("ru", ["1 утверждение", "2 утверждения", "5 утверждений", "21 утверждение"]),
        ("fr", ["0 affirmation", "1 affirmation", "2 affirmations"]),
        ("fa", ["۱ ادعا", "۱۲ ادعا"]),
    ],
)
def test_counts_are_said_in_the_form_of_their_number(language: str, counts: list[str]) -> None:
    words = read_words(language)
    digits = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
    for said in counts:
        assert words("page.count", count=int(said.split()[0].translate(digits))) == said


def test_numbers_are_written_as_the_language_writes_them() -> None:
    written = {language: read_words(language).number(1234567) for language in ("en", "fr", "ru", "fa")}
    assert written == {
        "en": "1,234,567",
        "fr": "1\u202f234\u202f567",
        "ru": "1\u00a0234\u00a0567",
        "fa": "۱٬۲۳۴٬۵۶۷",
    }
    assert read_words("fr").number(12.5) == "12,5"
    assert read_words("fa").digits("2015") == "۲۰۱۵"


def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    own = Words("xx", {"page.map": "Mapa"}, ENGLISH)
    assert own("page.map") == "Mapa"
    assert own("page.legend") == "Legend"
    assert own("page.count", count=2) == "2 claims"
    assert own.group("page")["map"] == "Mapa"
    assert read_words("sw").language == "en"
    assert read_words("fr-CA").language == "fr"


def test_a_missing_text_or_a_gap_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"no text 'page\.nothing'"):
        ENGLISH("page.nothing")
    with pytest.raises(KeyError):
        ENGLISH("footer.as_of")


def test_a_catalogue_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    for text, message in (
        ("- a list", "expected groups"),
        ("page: [a]", "page has no text"),
        ("a: 'b", "broken"),
    ):
        (tmp_path / "broken.yaml").write_text(text)
        with pytest.raises(ValueError, match=message):
            read_catalogue(tmp_path / "broken.yaml")


DATES = {
    "2015-12-24": ("24 décembre 2015", "24 декабря 2015 г.", "۲۴ دسامبر ۲۰۱۵"),
    "2015-12?": ("décembre 2015 (incertain)", "декабрь 2015 г. (под вопросом)", "دسامبر ۲۰۱۵ (نامطمئن)"),
    "2015~": ("vers 2015", "около 2015 г.", "حدود ۲۰۱۵"),
    "201X": ("les années 2010", "2010-е годы", "دههٔ ۲۰۱۰"),
    "2015-11/2015-12": (
        "entre novembre et décembre 2015",
        "с ноября по декабрь 2015 г.",
        "میان نوامبر و دسامبر ۲۰۱۵",
    ),
    "2015-12-03/2015-12-24": (
        "entre le 3 et le 24 décembre 2015",
        "с 3 по 24 декабря 2015 г.",
        "میان ۳ و ۲۴ دسامبر ۲۰۱۵",
    ),
    "2015-12/..": ("depuis décembre 2015", "с декабря 2015 г.", "از دسامبر ۲۰۱۵ به بعد"),
    "2015-21": ("printemps 2015", "весна 2015 г.", "بهار ۲۰۱۵"),
}


@pytest.mark.parametrize("date", DATES)
def test_dates_are_put_into_the_words_of_each_language(date: str) -> None:
    said = tuple(
        describe(date, read_words(language)).replace("\u00a0", " ") for language in ("fr", "ru", "fa")
    )
    assert said == DATES[date]


@pytest.mark.parametrize("template", ["page", "parts"])
def test_no_word_that_readers_see_stands_in_a_template(template: str) -> None:
    text = re.sub(
        r"\{#.*?#\}", "", (TEMPLATES / f"{template}.html.jinja2").read_text("utf-8"), flags=re.DOTALL
    )
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL).replace(' lang=""', "")
    said = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text) + re.split(r"<[^>]*>", text)
    assert [part.strip() for part in said if re.search("[A-Za-z]{2}", part)] == []


# ---- a project in several languages

TRANSLATED = {
    "fa": {"claim": "یک ادعا.", "quote": "«نقل‌قول»", "speaker_role": "وزیر", "note": "یادداشت"},
    "ru": {"claim": "Утверждение."},
}
CLAIMS = [
    {
        "where": {"border": "LIE-CHE"},
        "quote": "A quote",
        "quote_language": "en",
        "speaker": {"name": "A. Person", "role": "minister"},
        "note": "A remark.",
        "date": "2024-01",
        "likelihood": "likely",
        "source_reliability": "B",
        "asserts": [{"shares_border": ["LIE", "CHE"]}],
        "translations": TRANSLATED,
    },
    {"where": {"route": ["CHE", "LIE", "AUT"]}, "claim": "Another claim."},
    {"where": {"point": [9.5, 47.1]}, "claim": "A third claim.", "status": "disputed"},
]
KEYS = {
    "languages": ["en", "fa", "ru", "fr"],
    "lead": "A lead.",
    "translations": {"fa": {"title": "یک نقشه"}},
    "story": [{"text": "It begins.", "claim": "claim-1", "translations": {"fa": {"text": "آغاز می‌شود."}}}],
    "layers": [{"name": "claims", "title": "Claims", "translations": {"fa": {"title": "ادعاها"}}}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("languages") / "project", CLAIMS, **KEYS)


@pytest.fixture(scope="module")
def edition(folder: Path) -> Edition:
    return build_project(read_project(folder))


def _spoken(page: str) -> dict[str, dict]:
    block = re.search(r'<script type="application/json" id="page-languages">(.*?)</script>', page)
    assert block
    return {each["language"]: each for each in json.loads(block[1])}


def test_a_page_in_another_language_speaks_it_throughout(folder: Path) -> None:
    project = read_project(folder).model_copy(update={"language": "fa", "languages": ()})
    page = build_project(project).pages["map.html"]
    assert '<html lang="fa" dir="rtl">' in page
    shown = html.unescape(re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL))
    for said in ("۳ ادعا", "مرز لیختناشتاین–سوئیس", "منبع معمولاً قابل اعتماد", "ژانویه ۲۰۲۴", "محتمل"):
        assert said in shown, said
    for english in ("Source", "Border", "claims", "Worldview", "likely", "Legend"):
        assert not re.search(rf">[^<]*\b{english}\b", shown), english


def test_a_page_with_one_language_has_nothing_of_several(folder: Path) -> None:
    project = read_project(folder).model_copy(update={"languages": ()})
    page = build_project(project).pages["map.html"]
    for part in (
        "page-languages",
        'class="languages"',
        "translatePage",
        ".untranslated",
        "@font-face",
        "font-src",
    ):
        assert part not in page, part


def test_the_other_languages_travel_as_differences(edition: Edition) -> None:
    spoken = _spoken(edition.pages["map.html"])
    assert list(spoken) == ["fa", "ru", "fr"]
    whole = json.dumps(spoken["fa"], ensure_ascii=False)
    for said in ("یک نقشه", "یک ادعا.", "«نقل‌قول»", "وزیر", "یادداشت", "ادعاها", "لیختناشتاین", "آغاز"):
        assert said in whole, said
    assert [spoken["fa"]["edits"][0][1][name] for name in ("lang", "dir")] == ["fa", "rtl"]
    assert "Утверждение." in json.dumps(spoken["ru"], ensure_ascii=False)
    assert len(json.dumps(spoken["fr"])) < len(edition.pages["map.html"]) / 5


def test_the_font_of_a_script_is_in_the_page_only_where_it_is_needed(edition: Edition, folder: Path) -> None:
    assert edition.pages["map.html"].count("@font-face{") == 2
    assert "; font-src data:" in edition.pages["map.html"]
    project = read_project(folder)
    plain = project.model_copy(update={"languages": (), "translations": {}})
    quoting = plain.annotations[0].model_copy(update={"quote": "سلام"})
    changed = plain.model_copy(update={"annotations": (quoting, *plain.annotations[1:])})
    assert build_project(changed).pages["map.html"].count("@font-face{") == 1


def test_a_text_keeps_its_language_where_it_has_no_translation(folder: Path) -> None:
    project = in_language(read_project(folder), "fa")
    first, second, _ = project.annotations
    assert (first.claim, first.note, first.quote, first.quote_translation) == (
        "یک ادعا.",
        "یادداشت",
        "A quote",
        "«نقل‌قول»",
    )
    assert first.speaker is not None
    assert (first.speaker.name, first.speaker.role) == ("A. Person", "وزیر")
    assert second.claim == "Another claim."
    assert (project.title, project.lead) == ("یک نقشه", "A lead.")
    assert in_language(project, "fa") is project


def test_a_project_with_translations_is_extracted_as_it_was(
    edition: Edition, folder: Path, tmp_path: Path
) -> None:
    from mapgen.extract import extract_project

    page = tmp_path / "map.html"
    page.write_text(edition.pages["map.html"], encoding="utf-8")
    extract_project(page, tmp_path / "again")
    assert build_project(read_project(tmp_path / "again")).pages == edition.pages
    assert collect(read_project(tmp_path / "again")) == collect(read_project(folder))


def test_formats_carry_translations_or_say_that_they_do_not(folder: Path, tmp_path: Path) -> None:
    project = read_project(folder)
    for kind in ("geojson", "jsonld"):
        made = export_project(project, kind)
        assert not any("translations" in each for each in made.lost)
        (folder / f"again.{kind}").write_text(made.text, encoding="utf-8")
        keys = {**KEYS, "annotations": [{"file": f"again.{kind}"}]}
        again = write_project(tmp_path / kind, CLAIMS, **keys)
        (again / f"again.{kind}").write_text(made.text, encoding="utf-8")
        assert read_project(again).annotations[0].translations == project.annotations[0].translations
    assert any(
        "texts in other languages (translations): 1 claim" in each
        for each in export_project(project, "csv").lost
    )


def test_findings_say_what_has_no_words_and_what_no_translation(tmp_path: Path) -> None:
    folder = write_project(tmp_path, CLAIMS, **{**KEYS, "languages": ["en", "fa", "sw"]})
    found = {each.code: each for each in load(folder).check()}
    assert "'sw': they are shown in English" in found["language-without-words"].message
    assert str(found["language-without-words"].position).startswith("mapgen.yaml:")
    missing = [each.message for each in load(folder).check() if each.code == "translation-missing"]
    assert missing == [
        "2 of 3 claims have no translation into 'fa': claim-2, claim-3",
        "3 of 3 claims have no translation into 'sw': claim-1, claim-2, claim-3",
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"languages": ["en", "english!"]}, "expected a language code, such as 'en', got 'english!'"),
        ({"languages": ["en", "en"]}, "'en' stands in the list twice"),
        ({"translations": {"fa": {"titel": "x"}}}, "unknown key 'titel'. Did you mean 'title'?"),
        ({"translations": {"fa": "x"}}, "fa: expected a mapping"),
        ({"translations": ["fa"]}, "translations: expected a mapping ('language: {...}')"),
    ],
)
def test_what_is_wrong_with_languages_is_told_with_its_place(
    tmp_path: Path, keys: dict, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_project(write_project(tmp_path, **keys))
    assert message in str(caught.value)
    assert re.match(r"mapgen\.yaml:\d+:\d+: ", str(caught.value))


def test_the_first_language_is_the_maps_own_where_no_other_is_named(tmp_path: Path) -> None:
    project = read_project(write_project(tmp_path, languages=["fa", "en"]))
    assert (project.language, project.offered) == ("fa", ("fa", "en"))
    project = read_project(write_project(tmp_path, language="ru", languages=["fa", "en"]))
    assert project.offered == ("ru", "fa", "en")


def test_names_are_those_of_the_data() -> None:
    names = [Name("Afghanistan", "territory", "AFG"), Name("Nowhere", "territory", "QQQ")]
    tables = read_names(names, ["fa", "ru", "en", "sw"], boundaries().dataset)
    assert tables["fa"] == {"territory:AFG": "افغانستان"}
    assert tables["ru"] == {"territory:AFG": "Афганистан"}
    assert tables["en"] == {"territory:AFG": "Afghanistan"}
    assert tables["sw"] == {}
    assert column_of("zh-Hant") == "NAME_ZHT"


def test_what_the_data_says_is_told_in_any_language() -> None:
    outcome = AssertionTester(placer(REPOSITORY)).test(statement("shares_border", pair=("KAZ", "TJK")))
    told = {
        language: " ".join(map(read_words(language).tell, outcome.said)) for language in ("en", "ru", "fa")
    }
    assert told["en"] == outcome.sentence
    assert "do not" not in told["ru"]
    assert "46" in told["ru"]
    assert "۴۶ کیلومتر" in told["fa"]


def test_differences_are_what_a_script_needs_to_change() -> None:
    page = (
        '<html lang="en"><body><p class="a">One <b>two</b> three</p>'
        '<script id="map-data">{"a":[1,2]}</script></body></html>'
    )
    other = (
        '<html lang="fa" dir="rtl"><body><p class="a" hidden>Uno <b>two</b> tres</p>'
        '<script id="map-data">{"a":[1,3]}</script></body></html>'
    )
    assert differences(page, other) == {
        "edits": [
            [0, {"lang": "fa", "dir": "rtl"}, {}],
            [2, {"hidden": ""}, {"0": "Uno ", "1": " tres"}],
        ],
        "data": {"a": {"1": [3]}},
    }
    with pytest.raises(ValueError, match="other elements"):
        differences(page, page.replace("<b>two</b>", ""))


def test_data_that_has_another_form_is_replaced_whole() -> None:
    assert data_differences({"a": {"one": 1}}, {"a": {"one": 1, "few": 2}}) == {"a": [{"one": 1, "few": 2}]}
    assert data_differences([1, 2], [1, 2, 3]) == [[1, 2, 3]]
    assert data_differences({"a": [1]}, {"a": [1]}) == {}
