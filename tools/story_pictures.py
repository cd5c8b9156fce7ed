"""The demo's story in pictures: a demo is started, somebody does what its words say, and each page is taken."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
PORT = 9460
BASE = f"http://127.0.0.1:{PORT}"
CRMS = {"hubspot": (PORT + 2, "Maja Lindholm"), "salesforce": (PORT + 3, "Lukas Brandt")}
PATIENCE = 60_000  # milliseconds


def story(browser: Browser) -> None:
    with _demo() as words:
        page = browser.new_page(viewport={"width": 1060, "height": 760})
        page.set_default_timeout(PATIENCE)
        _let_in(page, words)
        _told(page)
        _in_the_crms(page)
        _helped(page)
        page.close()


@contextmanager
def _demo() -> Iterator[str]:
    """What a running demo said, in a folder that is gone afterwards."""
    command = [sys.executable, "-m", "plugin.cli", "demo", f"--port={PORT}"]
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield "".join(_said(process))
        finally:
            process.terminate()
            process.wait()


def _said(process: "subprocess.Popen[str]") -> Iterator[str]:
    for line in process.stdout or ():
        yield line
        if line.startswith("Ctrl-C"):
            return


def _let_in(page: Page, words: str) -> None:
    link = re.search(r"http\S+/admin/welcome/\S+", words)
    page.goto(link[0] if link else "")
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("Password").fill("four words are enough here")
    page.get_by_role("button", name="Set up with this password").click()


def _told(page: Page) -> None:
    page.goto(f"{BASE}/admin/changes")
    _take(page, "changes")
    page.get_by_role("link", name="We answer within a day").click()
    page.get_by_role("button", name="Mark done").click()
    page.get_by_role("link", name="Who is told, and when").click()
    _take(page, "message")
    page.get_by_label("A line on a page of yours").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Tell 3 people").click()
    page.get_by_role("link", name="People").click()
    while page.get_by_text("told", exact=True).count() < len(CRMS):
        page.wait_for_timeout(500)
        page.reload()
    _take(page, "message-people")


def _in_the_crms(page: Page) -> None:
    for crm, (port, name) in CRMS.items():
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("link", name=name).click()
        timeline = page.locator("#answers")
        expect(timeline).to_contain_text("Told what changed", timeout=PATIENCE)
        timeline.screenshot(path=PICTURES / f"timeline-{crm}.png")


def _helped(page: Page) -> None:
    page.goto(f"{BASE}/admin/trend?touchpoint=delivery")
    page.locator("main section").first.screenshot(path=PICTURES / "trend-with-a-change.png")
    page.get_by_role("link", name="did it help?").click()
    _take(page, "did-it-help")


def _take(page: Page, name: str) -> None:
    """What one sees without scrolling."""
    page.screenshot(path=PICTURES / f"{name}.png")
