"""Takes the pictures of the cards in docs/pictures/: `python -m tools.pictures`.

The pages are what the vendors' test renderers make of a card, as plain HTML.
"""

import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import chromium, node

ROOT = Path(__file__).parents[1]
PAGES = ROOT / ".cache" / "pictures"
PICTURES = ROOT / "docs" / "pictures"
WORKSPACES = ("gensvar-hubspot", "gensvar-salesforce")


def main() -> None:
    for workspace in WORKSPACES:
        write = node.command("npm", "run", "--silent", "--workspace", workspace, "pages")
        subprocess.run(write, env=node.environment(), cwd=ROOT, check=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        for page in sorted(PAGES.glob("*.html")):
            sheet = browser.new_page(device_scale_factor=1.5)
            sheet.goto(page.as_uri())
            sheet.locator("main").screenshot(path=PICTURES / f"{page.stem}.png")
        browser.close()


if __name__ == "__main__":
    main()
