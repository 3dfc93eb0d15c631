"""What is printed for a map in another page, where it is taken from, and what a published page says."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import mapgen
from mapgen import embed
from mapgen.cli import cli
from mapgen.embed import Subject, check_address, map_address, policy, read_map, receiver
from mapgen.embedding import choose_subject
from mapgen.errors import InputError, UsageError
from mapgen.page import visible
from tests.projects import write_project
from tests.test_hostile import HOSTILE

HOME = "https://example.org/maps/"


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is published, with a source that has an address."""
    source = {"id": "report", "title": "A report", "url": "https://source.test/a"}
    maps = [{"name": "first", "title": HOSTILE["attribute"]}, {"name": "second", "lead": "A lead."}]
    return write_project(
        tmp_path_factory.mktemp("embed") / "p",
        publications=[source],
        maps=maps,
        address=HOME,
        language="pt-BR",
    )


@pytest.fixture(scope="module")
def built(project: Path) -> Path:
    mapgen.load(project, cache=False).build(project / "output")
    return project / "output"


def test_a_frame_by_address_has_all_that_it_needs() -> None:
    page = _Tags(
        embed.embed(
            Subject(title="A", alt="B", has_links=True, address=f"{HOME}a.html", picture=f"{HOME}a.png")
        )
    )
    (frame,) = page.of("iframe")
    assert frame == {
        "src": f"{HOME}a.html",
        "title": "A",
        "class": "mapgen",
        "width": "100%",
        "height": "560",
        "frameborder": "0",
        "loading": "lazy",
        "sandbox": "allow-scripts allow-popups allow-popups-to-escape-sandbox",
        "data-mapgen": None,
    }
    assert page.of("img") == [{"src": f"{HOME}a.png", "alt": "B", "width": "100%"}]
    assert [link["href"] for link in page.of("a")] == [f"{HOME}a.html"] * 2
    tags = [tag for tag, _ in page.tags]
    assert tags.index("script") < tags.index("iframe"), "the script listens before the map tells"


def test_a_map_without_links_opens_nothing() -> None:
    (frame,) = _Tags(embed.embed(Subject(title="A", alt="A", has_links=False, address="a.html"))).of("iframe")
    assert frame["sandbox"] == "allow-scripts"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_in_its_attribute(name: str) -> None:
    text = HOSTILE[name][:500]
    page = _Tags(
        embed.embed(Subject(title=text, alt=text, has_links=False, html=f"<p>{text}", picture=f"{HOME}a.png"))
    )
    assert [tag for tag, _ in page.tags] == ["div", "script", "iframe", "noscript", "img"]
    assert page.of("iframe")[0]["title"] == page.of("img")[0]["alt"] == visible(text)
    assert page.of("iframe")[0]["srcdoc"] == visible(f"<p>{text}")


def test_the_policy_names_the_script_by_its_hash() -> None:
    one = Subject(title="A", alt="A", has_links=False, address=f"{HOME}a.html")
    (script,) = re.findall(r"<script>(.*?)</script>", embed.embed(one))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy(one) == [f"script-src 'sha256-{digest}'", "frame-src https://example.org"]
    assert policy(one, script=False) == ["frame-src https://example.org"]
    assert "\n" not in receiver()
    assert len(receiver()) < 300


@pytest.mark.parametrize(
    "address", ["javascript:x", "data:text/html,x", "ftp://a/b", "//evil.test", "a.html", "https://a b"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is not an address that can be embedded"):
        check_address(address)


def test_a_map_that_was_built_is_known_by_what_it_says(built: Path, tmp_path: Path) -> None:
    html, title, linked = read_map(built / "second.html")
    assert (title, linked) == ("A map", True)
    assert html == (built / "second.html").read_text("utf-8")
    assert choose_subject(built / "first.html").title == HOSTILE["attribute"]
    (tmp_path / "other.html").write_text("<!DOCTYPE html><title>Other</title>", "utf-8")
    with pytest.raises(InputError, match=r"other\.html: this is no map of mapgen's"):
        read_map(tmp_path / "other.html")
    with pytest.raises(InputError, match=r"nowhere\.html: the map cannot be read"):
        read_map(tmp_path / "nowhere.html")


def test_a_published_page_has_a_card_and_its_picture(built: Path) -> None:
    page = _Tags((built / "second.html").read_text("utf-8"))
    said = {
        tag.get("property") or tag.get("name"): tag["content"] for tag in page.of("meta") if "content" in tag
    }
    assert said["og:title"] == "A map"
    assert said["og:description"] == "A lead."
    assert said["og:url"] == f"{HOME}second.html"
    assert said["og:image"] == f"{HOME}second.png"
    assert said["og:locale"] == "pt_BR"
    assert said["twitter:card"] == "summary_large_image"
    assert {"rel": "canonical", "href": f"{HOME}second.html"} in page.of("link")
    picture = (built / "second.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert (str(width), str(height)) == (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert _Tags((built / "first.html").read_text("utf-8")).of("meta") != []


def test_a_page_that_is_not_published_has_none(tmp_path: Path) -> None:
    page = mapgen.load(write_project(tmp_path / "p"), cache=False).map().html
    assert "og:" not in page.split("<body")[0].replace("mapgen", "")
    assert "canonical" not in page.split("<body")[0]


def test_the_address_of_a_project_has_to_be_one(tmp_path: Path) -> None:
    for address in ("example.org", "javascript:x", "https://a/?x", "https://a/#x", 'https://a/"x'):
        with pytest.raises(
            InputError, match=r"is not an address to publish at\. Expected the address of a folder"
        ):
            mapgen.load(write_project(tmp_path / "p", address=address), cache=False).project  # noqa: B018
    assert map_address("https://a", "b.html") == map_address("https://a/", "b.html") == "https://a/b.html"


def test_the_command_finds_the_address_and_the_picture(project: Path, built: Path) -> None:
    def run(*arguments: str) -> tuple[_Tags, str]:
        done = CliRunner().invoke(cli, ["embed", *arguments])
        assert done.exit_code == 0, done.output
        return _Tags(done.stdout), done.stderr

    page, said = run(str(project), "--map", "second")
    assert page.of("iframe")[0]["src"] == f"{HOME}second.html"
    assert page.of("img")[0]["src"] == f"{HOME}second.png"
    assert "it needs: script-src 'sha256-" in said
    page, _ = run(str(built / "second.html"), "--url", "https://a.test/x.html", "--no-script")
    assert page.of("script") == []
    assert page.of("iframe")[0]["src"] == "https://a.test/x.html"
    page, said = run(str(built / "second.html"), "--inline")
    assert page.of("iframe")[0]["srcdoc"] == (built / "second.html").read_text("utf-8")
    assert "under a strict one, use --url" in said
    wrong = CliRunner().invoke(cli, ["embed", str(built / "second.html"), "--map", "x"])
    assert isinstance(wrong.exception, UsageError)
