"""The preview in a browser: it updates in place, shows what is wrong, takes claims, obeys nobody else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mapgen.project import read_project
from mapgen.projection import Projection
from tests.chromium import FLAGS, find_chromium
from tests.projects import REPOSITORY

ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
CLAIM = "Afghanistan's northern borders are with three former Soviet republics"
VERSION = "() => JSON.parse(document.getElementById('preview-data').textContent).version"
MATRIX = """() => {
  const {a, e, f} = document.querySelector('.canvas .grid').getScreenCTM();
  return [a, e, f];
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("preview") / "project"
    shutil.copytree(REPOSITORY / "data", made / "data", ignore=shutil.ignore_patterns("borders"))
    shutil.copy(REPOSITORY / "mapgen.yaml", made)
    return made


class Served:
    """A preview in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mapgen", "serve", "--port", "0", str(folder)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.address = found[0]
        assert self.process.stdout.readline().startswith("wrote ")
        self.builds = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        assert self.process.stdout is not None
        for _ in self.process.stdout:
            self.builds += 1

    def restore(self, path: Path, text: str) -> None:
        """Write a file as it was before a test, and wait until that has been built."""
        if path.read_text("utf-8") == text:
            return
        before, until = self.builds, time.monotonic() + 30
        path.write_text(text, "utf-8")
        while self.builds == before and time.monotonic() < until:
            time.sleep(0.02)


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    made = Served(folder)
    yield made
    made.process.kill()
    made.process.wait()


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    return served.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*FLAGS, ONLY_THIS_MACHINE]
        )
        yield browser
        browser.close()


class Shown:
    """A page of the preview, with what it complains of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.set_default_timeout(30_000)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append("dialogue"), dialog.dismiss()))
        page.on("request", lambda request: self._note(request.url))
        self.open("overview.html")

    def _note(self, url: str) -> None:
        if not url.startswith(self.address):
            self.complaints.append(f"asked {url}")

    def open(self, name: str) -> None:
        self.page.goto(self.address + name)
        self.wait()

    def wait(self) -> None:
        self.page.wait_for_selector("html[data-preview=ready]")

    def save(self, path: Path, text: str) -> None:
        """Save an input, and wait until the page has been loaded again."""
        before = self.page.evaluate(VERSION)
        path.write_text(text, "utf-8")
        self.page.wait_for_function(
            f"before => document.documentElement.dataset.preview === 'ready' && ({VERSION})() !== before",
            arg=before,
        )

    def matrix(self) -> list[float]:
        value: list[float] = self.page.evaluate(MATRIX)
        return value


@pytest.fixture
def shown(browser: Browser, address: str) -> Iterator[Shown]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    made = Shown(page, address)
    yield made
    page.close()
    assert made.complaints == []


@pytest.fixture
def claims(folder: Path, served: Served) -> Iterator[Path]:
    path = folder / "data" / "annotations" / "concerns.yaml"
    text = path.read_text("utf-8")
    yield path
    served.restore(path, text)


def test_a_save_updates_the_page_in_place(shown: Shown, claims: Path) -> None:
    page = shown.page
    page.get_by_role("checkbox", name="Show on the map: Fighters").uncheck()
    page.locator(".claim .head", has_text=CLAIM).first.click()
    page.locator("[data-do=in]").click()
    page.wait_for_timeout(600)
    page.mouse.move(400, 400)
    page.mouse.down()
    page.mouse.move(330, 450, steps=4)
    page.mouse.up()
    page.wait_for_timeout(900)
    before, opened = shown.matrix(), page.locator(".claim.open").get_attribute("id")
    shown.save(claims, claims.read_text("utf-8").replace("with three former", "with THREE former"))
    assert page.locator(".claim.open").get_attribute("id") == opened
    assert "THREE former" in page.locator(".claim.open .claim-text").inner_text()
    assert not page.get_by_role("checkbox", name="Show on the map: Fighters").is_checked()
    assert page.locator(".switch:checked").count() == page.locator(".switch").count() - 1
    page.wait_for_timeout(300)
    after = shown.matrix()
    assert after[0] == pytest.approx(before[0])
    assert after[1:] == pytest.approx(before[1:], abs=1.5)  # pixels


def test_an_extent_that_nobody_has_moved_stays_too(shown: Shown, served: Served, folder: Path) -> None:
    before = _pixel_at(shown, 66.0, 50.0)
    project = folder / "mapgen.yaml"
    text = project.read_text("utf-8")
    home = shown.page.evaluate("JSON.parse(document.querySelector('.map-frame').textContent).home")
    shown.save(project, text.replace("name: overview", "name: overview\n    extent: [50, 30, 60, 40]"))
    assert shown.page.evaluate("JSON.parse(document.querySelector('.map-frame').textContent).home") != home
    shown.page.wait_for_timeout(300)
    assert _pixel_at(shown, 66.0, 50.0) == pytest.approx(before, abs=2.0)
    served.restore(project, text)


def test_what_is_wrong_stands_over_the_page_as_text_and_goes(shown: Shown, claims: Path) -> None:
    good = claims.read_text("utf-8")
    hostile = "<img src=x onerror=alert(1)>"
    claims.write_text(good.replace("layer: concerns", f"layer: concerns\n  '{hostile}': x", 1), "utf-8")
    notice = shown.page.locator(".preview-notice")
    notice.wait_for()
    assert re.search(r"data/annotations/concerns\.yaml:\d+:\d+", notice.locator("code").first.inner_text())
    assert hostile in notice.inner_text()
    assert notice.locator("img").count() == 0
    assert shown.page.locator(".claim", has_text=CLAIM).count() == 1
    notice.get_by_role("button", name="Hide").click()
    assert not notice.is_visible()
    claims.write_text(good.replace("layer: concerns", "lair: concerns", 1), "utf-8")
    notice.get_by_text("unknown key 'lair'").wait_for()
    claims.write_text(good, "utf-8")
    notice.wait_for(state="hidden")


def _pixel_at(shown: Shown, longitude: float, latitude: float) -> tuple[float, float]:
    """Return the pixel of a place in degrees, by Python's own projection."""
    frame: dict[str, Any] = shown.page.evaluate(
        "JSON.parse(document.querySelector('.map-frame').textContent)"
    )
    own = {key: value for key, value in frame["projection"].items() if key != "radius"}
    [[x, y]] = Projection(**own).project(np.array([[longitude, latitude]]))
    scale, left, top = shown.matrix()
    return scale * x / frame["unit"] + left, top - scale * y / frame["unit"]


def test_a_click_at_a_border_becomes_a_claim_in_the_file(shown: Shown, folder: Path, claims: Path) -> None:
    page, before = shown.page, claims.read_bytes()
    page.get_by_role("button", name="Add a claim").click()
    page.mouse.click(*_pixel_at(shown, 67.27, 37.19))  # the Amu Darya at Termez
    form = page.get_by_role("form", name="A new claim")
    form.wait_for()
    assert page.locator(".claim.open").count() == 0
    assert "Border Afghanistan–Uzbekistan (AFG-UZB)" in form.locator(".preview-places").inner_text()
    form.get_by_label("Border Afghanistan–Uzbekistan").check()
    assert form.locator(".preview-problems").inner_text() == ""
    form.locator("[name=claim]").fill("Trains cross the bridge: '2 a day' # <b>")
    form.locator("[name=layer]").select_option("concerns")
    form.locator("[name=where_precision]").select_option("2")
    form.locator("[name=date]").fill("soon")
    form.get_by_text("'soon' is not a date").wait_for()
    form.locator("[name=date]").fill("2015-12")
    form.locator(".preview-yaml").get_by_text("date: 2015-12").wait_for()
    form.locator("[name=file]").select_option("data/annotations/concerns.yaml")
    form.get_by_role("button", name="Save into data/annotations/concerns.yaml").click()
    page.locator(".claim.open", has_text="Trains cross the bridge: '2 a day' # <b>").wait_for()
    shown.wait()
    after = claims.read_bytes()
    assert after.startswith(before)
    added = after[len(before) :].decode("utf-8")
    assert added.startswith("\n- id: trains-cross-the-bridge-2-a-day-b\n  layer: concerns\n")
    claim = read_project(folder).annotations[3]
    assert claim.where[0].value == ("AFG", "UZB")
    assert (claim.date, claim.where_precision) == ("2015-12", 2)


def test_a_claim_can_be_added_with_the_keyboard_alone(shown: Shown) -> None:
    page = shown.page
    page.get_by_role("button", name="Add a claim").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="A new claim")
    form.wait_for()
    assert page.evaluate("document.activeElement.name") == "claim"
    page.keyboard.press("Escape")
    form.wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Add a claim"


def test_a_claim_that_is_being_written_outlasts_a_change(shown: Shown, claims: Path) -> None:
    page = shown.page
    page.get_by_role("button", name="Add a claim").click()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="A new claim")
    form.locator("[name=claim]").fill("Half a sentence")
    version = page.evaluate(VERSION)
    claims.write_text(claims.read_text("utf-8").replace("with three former", "with 3 former"), "utf-8")
    page.wait_for_timeout(2500)
    assert form.locator("[name=claim]").input_value() == "Half a sentence"
    assert page.evaluate(VERSION) == version
    form.get_by_role("button", name="Cancel").click()
    page.locator(".claim-text", has_text="with 3 former").wait_for()


ATTACK = """<!DOCTYPE html><title>Elsewhere</title><script>
const target = %r;
const tried = [];
const wanted = ["overview.html", "~mapgen/save", "~mapgen/events"];
for (const path of wanted) {
  for (const options of [{}, {mode: "no-cors"}, {method: "POST", mode: "no-cors", body: "{}"},
      {method: "POST", headers: {"Content-Type": "application/json", "X-Mapgen-Token": "x"}, body: "{}"}]) {
    tried.push(fetch(target + path, options).then(r => r.type === "opaque" ? "opaque " + r.status : r.text())
      .catch(() => "refused"));
  }
}
tried.push(new Promise(done => {
  const news = new EventSource(target + "~mapgen/events");
  news.onmessage = ({data}) => done(data);
  news.onerror = () => done("refused");
}));
tried.push(new Promise(done => {
  const frame = document.createElement("iframe");
  frame.src = target + "overview.html";
  frame.onload = () => { try { done(frame.contentDocument.title) } catch { done("refused") } };
  document.documentElement.append(frame);
}));
Promise.all(tried).then(all => { window.outcome = all });
</script>"""


def test_another_sites_page_learns_and_changes_nothing(
    browser: Browser, address: str, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(ATTACK % address)
    files = {path: path.read_bytes() for path in sorted((folder / "data").rglob("*.yaml"))}

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        page.wait_for_function("window.outcome", timeout=20_000)
        outcome = page.evaluate("window.outcome")
        page.close()
        elsewhere.shutdown()
    assert set(outcome) <= {"refused", "opaque 0", ""}
    assert {path: path.read_bytes() for path in sorted((folder / "data").rglob("*.yaml"))} == files


def test_the_preview_fits_a_phone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    shown = Shown(page, address)
    page.get_by_role("button", name="Add a claim").click()
    page.keyboard.press("Enter")
    page.get_by_role("form", name="A new claim").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.complaints == []
    page.close()
