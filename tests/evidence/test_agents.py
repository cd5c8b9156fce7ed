"""An agent's name becomes one word, and a person's browser is never taken for a machine."""

import pytest

from plugin.evidence.agents import by_hand, fetched_ahead, kind

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 11; CUBOT X18 Plus) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        (f"{SAFARI} Version/18.1 Mobile/15E148 Safari/604.1", "browser"),
        (f"{SAFARI} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]", "browser"),
        (f"{SAFARI} Mobile/15E148 [Pinterest/iOS]", "browser"),
        (f"{ANDROID} Chrome/131.0.0.0 Mobile Safari/537.36", "browser"),
        (f"{CHROME} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "browser"),
        ("Lynx/2.9.0 libwww-FM/2.14 SSL-MM/1.4.1", "browser"),
        ("w3m/0.5.3", "browser"),
        (f"{CHROME} HeadlessChrome/131.0.0.0 Safari/537.36", "headless"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview"),
        ("WhatsApp/2.23.20.0", "preview"),
        ("facebookexternalhit/1.1", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        (f"{CHROME} Chrome/90.0 BarracudaSentinel", "scanner"),
        ("python-requests/2.32", "program"),
        ("curl/8.5.0", "program"),
        ("Go-http-client/2.0", "program"),
        ("SomethingNobodyKnows/1.0", "program"),
        (" ", "none"),
        ("", "none"),
    ],
)
def test_an_agent_is_one_word(agent: str, word: str) -> None:
    assert kind(agent) == word


@pytest.mark.parametrize(
    ("name", "value"),
    [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")],
)
def test_a_browser_says_when_it_fetches_ahead(name: str, value: str) -> None:
    assert fetched_ahead({name: value})
    assert not fetched_ahead({})


def test_a_browser_vouches_for_the_hand_that_sent_a_form() -> None:
    assert by_hand({"Sec-Fetch-User": "?1"})
    assert not by_hand({"Sec-Fetch-User": "?0"})
