"""What the widget costs a host page: ``python -m bench.widget [--locale L] [--rounds N]``.

A host page on an origin of its own embeds the snippet, and the widget's file comes brotli-compressed from
another, as the application sends it. Everything is measured in the browser, in fresh pages at a processor slowed
down four times, less the same page without the widget. Of several rounds the least counts, because whatever
else the machine does only adds. Exit 1 when a figure is over its limit.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import brotli
from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench.support.figures import say
from bench.support.origins import Origins
from tools import chromium
from widget.locales import available
from widget.snippet import files, snippet

SLOWER = 4
MOST_BYTES = 4096
WATCH = """
window.seen = {shift: 0, long: 0};
new PerformanceObserver(list => list.getEntries().forEach(entry => {
    seen.shift += entry.value;
})).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => {
    seen.long += 1;
})).observe({type: 'longtask', buffered: true});
"""
SHOWN = "!!document.querySelector('gensvar-survey')"
SETTLED_MS = 700


@dataclass
class Load:
    """One page load, until the question is shown."""

    requests: int
    bytes: int
    script_ms: float
    long_tasks: int
    layout_shift: float
    heap_kib: float


NAMES = {
    "requests": "requests to show the question",
    "bytes": "bytes, brotli",
    "script_ms": f"script time at a {SLOWER}x slower processor, ms",
    "long_tasks": "tasks over 50 ms",
    "layout_shift": "layout shift",
    "heap_kib": "heap, KiB",
}
LIMITS = {
    "requests": 1,
    "bytes": MOST_BYTES,
    "script_ms": 22,
    "long_tasks": 0,
    "layout_shift": 0,
    "heap_kib": 150,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--locale", default="de", choices=available())
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args(arguments)
    largest = _sizes()
    over = ["largest file"] if largest > MOST_BYTES else []
    over += _page_costs(args.locale, args.rounds)
    print("within every limit" if not over else f"over the limit: {', '.join(over)}")
    return 1 if over else 0


def _sizes() -> int:
    largest = 0
    for locale in available():
        content = files()[f"/v1/widget.{locale}.js"].content
        size = len(brotli.compress(content, quality=11))
        say(f"widget.{locale}.js, brotli", f"{size} bytes", f"at most {MOST_BYTES}")
        largest = max(largest, size)
    return largest


def _page_costs(locale: str, rounds: int) -> list[str]:
    with Origins() as origins, sync_playwright() as playwright:
        path = str(chromium.executable())
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        embed = snippet(origins.ours, "made-up.token", locale=locale, company="Acme")
        bare = _rounds(browser, origins, "", rounds)
        with_widget = _rounds(browser, origins, embed, rounds)
        browser.close()
    over = []
    for figure in (field.name for field in fields(Load)):
        costs = _least(with_widget, figure) - _least(bare, figure)
        say(NAMES[figure], f"{costs:.1f}", f"at most {LIMITS[figure]}")
        if costs > LIMITS[figure]:
            over.append(figure)
    return over


def _least(loads: list[Load], figure: str) -> float:
    values: list[float] = [getattr(load, figure) for load in loads]
    return min(values)


def _rounds(browser: Browser, origins: Origins, embed: str, rounds: int) -> list[Load]:
    """Watching weighs something itself, so what is watched for comes from other loads."""
    loads = []
    for _ in range(rounds):
        watched = _load(browser, origins, embed, watch=True)
        load = _load(browser, origins, embed, watch=False)
        load.long_tasks, load.layout_shift = watched.long_tasks, watched.layout_shift
        loads.append(load)
    return loads


def _load(browser: Browser, origins: Origins, embed: str, watch: bool) -> Load:
    context = browser.new_context()
    page = context.new_page()
    if watch:
        page.add_init_script(WATCH)
    client = context.new_cdp_session(page)
    weights = _weights(client, origins.ours)
    client.send("Performance.enable")
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    origins.show(embed)
    page.goto(origins.host)
    page.wait_for_timeout(SETTLED_MS)
    if embed and not _evaluated(client, SHOWN):
        raise SystemExit("the question was not shown in time: is the machine busy?")
    load = _read(client, weights)
    context.close()
    return load


def _weights(client: CDPSession, origin: str) -> list[int]:
    """The bytes on the wire, without headers, of each file that came from our origin."""
    ours: dict[str, int] = {}
    weights: list[int] = []

    def sent(event: dict[str, Any]) -> None:
        request = event["request"]
        if request["url"].startswith(origin) and request["method"] == "GET":
            ours[event["requestId"]] = len(weights)
            weights.append(0)

    def received(event: dict[str, Any]) -> None:
        if event["requestId"] in ours:
            weights[ours[event["requestId"]]] += event["encodedDataLength"]

    client.send("Network.enable")
    client.on("Network.requestWillBeSent", sent)
    client.on("Network.dataReceived", received)
    return weights


def _evaluated(client: CDPSession, expression: str) -> Any:
    """Asks the page without the helpers that Playwright would put into it, which weigh more."""
    how = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    return client.send("Runtime.evaluate", how)["result"].get("value")


def _read(client: CDPSession, weights: list[int]) -> Load:
    client.send("HeapProfiler.enable")
    client.send("HeapProfiler.collectGarbage")
    measured = client.send("Performance.getMetrics")["metrics"]
    seen = _evaluated(client, "window.seen") or {"long": 0, "shift": 0}
    metrics = {metric["name"]: metric["value"] for metric in measured}
    return Load(
        requests=len(weights),
        bytes=sum(weights),
        script_ms=metrics["ScriptDuration"] * 1000,
        long_tasks=seen["long"],
        layout_shift=seen["shift"],
        heap_kib=metrics["JSHeapUsedSize"] / 1024,
    )


if __name__ == "__main__":
    sys.exit(main())
