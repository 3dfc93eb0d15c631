"""Open pages in Chromium and measure how soon their maps are there.

In: HTML files. Out: for each the time from the start of navigation to the first drawn map and to rest, the
files it asks for, whether it works offline, and its memory. Pages are opened from disk in turn; what they
ask of others is answered by this machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.benchmarks.supplies import Supplies, content_type
from tests.benchmarks.table import Cell, format_table, ratio
from tests.chromium import FLAGS, find_chromium

SETTLE = Path(__file__).with_name("settle.js")
LIMIT, OFFLINE_LIMIT = 60_000, 4_000
"""Milliseconds after which a map that is not drawn is given up; and without a network."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What one opening of a page takes: milliseconds, files asked for, and MiB of JavaScript's heap."""

    drawn: float | None
    settled: float | None
    requests: int
    heap: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Medians of several openings, and whether the map is drawn with no network at all."""

    drawn: float | None
    settled: float | None
    requests: int
    heap: float
    offline: bool


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start the Chromium that the tests use."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def measure(pages: Mapping[str, Path], runs: int, supplies: Supplies | None) -> dict[str, Shown]:
    """Open pages in turn, each once uncounted.

    Parameters
    ----------
    pages : mapping of str to Path
    runs : int
        Openings of each page that count.
    supplies : Supplies or None
        What answers the pages' requests; without it they are refused.
    """
    opened: dict[str, list[Opened]] = {name: [] for name in pages}
    with start_browser() as browser:
        for _ in range(runs + 1):
            for name, path in pages.items():
                opened[name].append(open_once(browser, path, supplies))
        offline = {name: open_once(browser, path, None, limit=OFFLINE_LIMIT) for name, path in pages.items()}
    return {
        name: Shown(
            drawn=_median([one.drawn for one in several[1:]]),
            settled=_median([one.settled for one in several[1:]]),
            requests=several[-1].requests,
            heap=median(one.heap for one in several[1:]),
            offline=offline[name].drawn is not None,
        )
        for name, several in opened.items()
    }


def open_once(browser: Browser, path: Path, supplies: Supplies | None, *, limit: int = LIMIT) -> Opened:
    """Open a page in a context of its own and wait until it rests."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []

    def answer(route: Route) -> None:
        address = route.request.url
        asked.append(address)
        if supplies is None:
            route.abort()
        else:
            route.fulfill(body=supplies.content(address), content_type=content_type(address))

    try:
        context.route(lambda address: address.startswith("http"), answer)
        context.add_init_script(path=SETTLE)
        page = context.new_page()
        page.goto(path.resolve().as_uri(), wait_until="commit")
        times = page.evaluate("limit => window.whenSettled(limit)", limit)
        return Opened(times["drawn"], times["settled"], len(asked), _heap(page))
    finally:
        context.close()


def _heap(page: Page) -> float:
    """Return the JavaScript heap in use, garbage taken out, in MiB."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 2**20


def _median(values: list[float | None]) -> float | None:
    """Return the median, None if the map was not drawn every time."""
    known = [value for value in values if value is not None]
    return median(known) if len(known) == len(values) else None


def describe(shown: Mapping[str, Shown], peer: str) -> str:
    """Return the figures as a table, with ratios to one of the pages."""
    rows: list[list[Cell]] = [
        [
            name,
            _whole(one.drawn),
            _whole(one.settled),
            one.requests,
            one.offline,
            one.heap,
            ratio(one.drawn, shown[peer].drawn),
            ratio(one.settled, shown[peer].settled),
        ]
        for name, one in shown.items()
    ]
    head = [
        "in the browser",
        "drawn ms",
        "settled ms",
        "files",
        "offline",
        "heap MiB",
        "drawn x",
        "settled x",
    ]
    return format_table(f"Opened in Chromium at 1280 x 800, from disk; x: times that of {peer}", head, rows)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
