"""Take the picture of the default project's map that the README shows.

In: ``output/overview.html``, as ``make map`` builds it. Out: ``docs/overview.png``, 1280 x 800 pixels, taken
by a headless Chromium that can reach no network. Run from the top of the repository:
``.venv/bin/python -m docs.screenshot``.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.browser import open_page, start_browser

REPOSITORY = Path(__file__).resolve().parent.parent
MAP = REPOSITORY / "output" / "overview.html"
PICTURE = REPOSITORY / "docs" / "overview.png"


def save_screenshot(page: Path, picture: Path) -> None:
    """Open a map and save what a reader sees first, in 256 colours."""
    with start_browser() as browser, open_page(browser, page) as opened:
        opened.wait_until_drawn()
        opened.page.evaluate("document.fonts.ready")
        opened.page.screenshot(path=picture)
        opened.assert_quiet()
    with Image.open(picture) as taken:
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    save_screenshot(MAP, PICTURE)
