"""Takes the pictures of docs/pictures/ again: `python -m tools.pictures [cards] [letters] [story]`.

The cards are what the vendors' test renderers make of them, as plain HTML; the letter is the mail's HTML part; the
story is a demo's.
"""

import argparse
import subprocess

from playwright.sync_api import Browser, sync_playwright

from tools import chromium, node
from tools.story_pictures import PICTURES, ROOT, story
from widget.heard import heard
from widget.inserted import Inserted
from widget.letter import Letter

PAGES = ROOT / ".cache" / "pictures"
WORKSPACES = ("gensvar-hubspot", "gensvar-salesforce")
SHARP = 1.5


def cards(browser: Browser) -> None:
    for workspace in WORKSPACES:
        write = node.command("npm", "run", "--silent", "--workspace", workspace, "pages")
        subprocess.run(write, env=node.environment(), cwd=ROOT, check=True)
    for page in sorted(PAGES.glob("*.html")):
        sheet = browser.new_page(device_scale_factor=SHARP)
        sheet.goto(page.as_uri())
        sheet.locator("main").screenshot(path=PICTURES / f"{page.stem}.png")


def letters(browser: Browser) -> None:
    for scheme in ("light", "dark"):
        sheet = browser.new_page(
            viewport={"width": 680, "height": 300}, color_scheme=scheme, device_scale_factor=SHARP
        )
        sheet.set_content(example().html)
        sheet.screenshot(path=PICTURES / f"thanks-{scheme}.png", full_page=True)


def example() -> Letter:
    """Thanks to one of the demo's customers."""
    return heard(
        locale="en",
        subject=["We answer faster now"],
        body=[
            ["Hello ", Inserted("Ebba"), ","],
            [],
            ["You waited two days for a reply from us. That was too long, and you were not alone."],
            [],
            [
                "Two more colleagues have been answering since Monday. Most of you hear from us within four hours."
            ],
        ],
        quote="It took two days until somebody replied. The answer itself was good!",
        company="Nordlys",
        touchpoint="your support case",
        unsubscribe="https://nps.example.com/u/...",
    )


KINDS = {"cards": cards, "letters": letters, "story": story}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kinds", nargs="*", choices=list(KINDS), help="all, unless some are named")
    wanted = options.parse_args().kinds or list(KINDS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        for kind in wanted:
            KINDS[kind](browser)
        browser.close()


if __name__ == "__main__":
    main()
