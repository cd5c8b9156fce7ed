"""What axe finds on a page, for WCAG 2.2 at level AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # in full; of what passes nobody reads more
}


def prepared(page: Page) -> Page:
    """The same page, with axe in whatever it will open: half a megabyte is then sent to it once, not for each."""
    page.add_init_script(path=AXE)
    return page


def violations(page: Page) -> list[str]:
    """One line per violation, with the elements it was found on; open shadow roots are looked into.

    The script goes in through the debugger, so the page's content policy does not stand in its way.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("async options => (await axe.run(options)).violations", OPTIONS)
    return [f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']]}" for v in found]
