"""What is shipped: frozen bytes, small, and exactly what the source builds."""

import json
import re
from pathlib import Path

import brotli
import pytest

from widget import build
from widget.locales import available
from widget.snippet import files, snippet

BUDGET = 4096
NOTICE_BUDGET = 2048
DIST = Path(build.__file__).parent / "dist"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build.build(folder)
    return folder


def test_the_current_version_is_what_the_source_builds(rebuilt: Path) -> None:
    """A change of template, wording, style or script changes bytes that snippets pin: released, it
    needs a new version."""
    names = {file.name for file in rebuilt.iterdir()}
    assert names == {file.name for file in build.DIST.iterdir()}
    changed = [n for n in names if (rebuilt / n).read_bytes() != (build.DIST / n).read_bytes()]
    assert changed == []


@pytest.mark.parametrize("folder", sorted(DIST.glob("v*")), ids=lambda folder: folder.name)
def test_no_byte_of_a_version_differs_from_its_recorded_hash(folder: Path) -> None:
    recorded = json.loads((folder / "integrity.json").read_text("utf-8"))
    found = {
        f.name: build.integrity(f.read_bytes()) for f in folder.iterdir() if f.suffix != ".json"
    }
    assert found == recorded


@pytest.mark.parametrize("locale", available())
def test_the_script_fits_the_budget_in_every_language(locale: str) -> None:
    content = files()[f"/v1/widget.{locale}.js"].content
    assert len(brotli.compress(content, quality=11)) <= BUDGET
    notice = files()[f"/v1/notice.{locale}.js"].content
    assert len(brotli.compress(notice, quality=11)) <= NOTICE_BUDGET


def test_the_script_holds_nothing_a_strict_page_refuses() -> None:
    for path, file in files().items():
        if path.endswith(".js"):
            text = file.content.decode()
            assert not re.search(r"innerHTML|eval\(|Function\(|localStorage|document\.cookie", text)
            assert "//" not in text.replace("https://", "//")


def test_files_say_how_they_are_to_be_served() -> None:
    served = files()
    assert served["/v1/widget.sv.js"].immutable
    assert not served["/widget.sv.js"].immutable
    assert served["/widget.sv.js"].content == served["/v1/widget.sv.js"].content
    assert served["/v1/page.css"].content_type == "text/css; charset=utf-8"
    assert served["/v1/widget.ar.js"].content_type == "text/javascript; charset=utf-8"
    assert len(served) == 3 * len(available()) + 2


def test_a_snippet_is_the_documented_html() -> None:
    html = snippet(
        "https://nps.example.com", "a.b", locale="sv-FI", company="Acme", touchpoint="ditt ärende"
    )
    integrity = files()["/v1/widget.sv.js"].integrity
    assert html == (
        '<script async src="https://nps.example.com/v1/widget.sv.js" '
        f'integrity="{integrity}" crossorigin="anonymous"\n'
        '        data-token="a.b" data-company="Acme" data-touchpoint="ditt ärende"></script>\n'
        '<noscript><a href="https://nps.example.com/s/a.b">Svara på vår korta fråga</a></noscript>\n'
    )


def test_a_snippet_escapes_and_leaves_out_what_is_not_given() -> None:
    html = snippet("https://n.example", "t", locale="en", company='"><b>', place="corner")
    assert 'data-company="&#34;&gt;&lt;b&gt;" data-place="corner"></script>' in html
    assert "touchpoint" not in html
