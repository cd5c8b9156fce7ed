"""Renders template, wording and script into ``dist/``: ``python -m widget.build [--out DIR]``.

What is in ``dist/`` is committed and frozen: once a version is released its bytes never change,
because the host pages' snippets carry their hashes. A change of the source then means a new version.
"""

import argparse
import json
import subprocess
import tempfile
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

from widget.locales import available, wording
from widget.nodes import element
from widget.page import VERSION
from widget.question import for_script, script_words

HERE = Path(__file__).parent
DIST = HERE / "dist" / VERSION
STATIC = HERE / "static"
TARGET = ("--target=chrome100,firefox100,safari15.4",)
MINIFIED = ("--bundle", "--minify", "--charset=utf8", "--legal-comments=none", *TARGET)


def build(out: Path) -> None:
    """Writes every file of this version and their hashes into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "page.css").write_text(_bundled(STATIC / "page.css"), "utf-8")
    (out / "page.js").write_text(_bundled(STATIC / "page.js", "--format=iife"), "utf-8")
    style = _style("question.css", "host.css", "embedded.css")
    of_notice = _style("notice.css", "host.css")
    for locale in available():
        (out / f"widget.{locale}.js").write_text(_embed(locale, style), "utf-8")
        (out / f"notice.{locale}.js").write_text(_notice(locale, of_notice), "utf-8")
    hashes = {file.name: integrity(file.read_bytes()) for file in sorted(out.glob("*.[jc]s*"))}
    hashes.pop("integrity.json", None)
    (out / "integrity.json").write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")


def integrity(content: bytes) -> str:
    """The hash as a snippet's ``integrity`` attribute has it."""
    return "sha384-" + b64encode(sha384(content).digest()).decode("ascii")


def _embed(locale: str, style: str) -> str:
    words = wording(locale)
    texts = {
        **script_words(words),
        "question": words.question,
        "about": words.about,
    }
    card = _literal(element(for_script(words)))
    return _script("embed.js", CARD=card, STYLE=style, WORDS=texts)


def _notice(locale: str, style: str) -> str:
    words = wording(locale)
    texts = {
        "locale": words.locale,
        "direction": words.direction,
        "notice": words.heard["notice"],
        "close": words.close,
    }
    return _script("notice.js", STYLE=style, WORDS=texts)


def _script(source: str, **values: object) -> str:
    defines = [f"--define:{name}={_literal(value)}" for name, value in values.items()]
    return _bundled(STATIC / source, "--format=iife", *defines)


def _style(*names: str) -> str:
    sources = [(STATIC / name).read_text("utf-8") for name in names]
    with tempfile.TemporaryDirectory() as folder:
        joined = Path(folder) / "embed.css"
        joined.write_text("\n".join(sources), "utf-8")
        return _bundled(joined).strip()


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bundled(source: Path, *options: str) -> str:
    command = [str(_esbuild()), str(source), *MINIFIED, *options]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _esbuild() -> Path:
    """The program itself, so that no Node is needed to run it."""
    found = sorted(HERE.parent.glob("node_modules/@esbuild/*/bin/esbuild"))
    if not found:
        raise SystemExit("esbuild is missing: run `make js` first")
    return found[0]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=DIST)
    build(options.parse_args().out)
