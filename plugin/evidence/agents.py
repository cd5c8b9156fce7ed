"""What kind of program asks, as one word: the agent's own name is read here and kept nowhere."""

import re
from collections.abc import Mapping

BROWSER = "browser"
PREFETCH = "prefetch"  # a browser that fetches a page before anybody looks at it
# Words of an agent's name, as regular expressions; the first kind that fits is the agent's.
_SIGNS: Mapping[str, str] = {
    "headless": "headless phantomjs puppeteer playwright selenium webdriver slimerjs",
    "preview": (
        "slackbot facebookexternalhit facebot twitterbot linkedinbot ^whatsapp/ telegrambot discordbot"
        " skypeuripreview microsoftpreview iframely embedly pinterestbot redditbot vkshare"
        " google-pagerenderer googleimageproxy yahoomailproxy"
    ),
    "scanner": (
        "barracuda mimecast proofpoint urldefense bitdefender sophos trend.?micro fireeye symantec"
        " messagelabs scansafe cloudmark forcepoint websense safelinks zscaler fortiguard virustotal scanner"
    ),
    "crawler": r"(?<!cu)bot\b crawl spider slurp archiver uptime wordpress",  # Cubot makes phones
    "program": (
        "curl wget python aiohttp httpx go-http java/ okhttp apache-http libwww-perl lwp perl ruby php"
        r" node-fetch axios undici urllib winhttp powershell httpclient scrapy \bdart\b"
    ),
    BROWSER: r"^mozilla ^opera ^lynx ^w3m ^e?links ^dillo ^netsurf",
}
_KINDS = {
    word: re.compile("|".join(signs.split()), re.IGNORECASE) for word, signs in _SIGNS.items()
}


def kind(agent: str) -> str:
    """``browser``, or what else it says it is: ``headless``, ``preview``, ``scanner``, ``crawler``, ``program``,
    ``none`` where it says nothing."""
    for word, pattern in _KINDS.items():
        if pattern.search(agent):
            return word
    return "program" if agent.strip() else "none"


def fetched_ahead(headers: Mapping[str, str]) -> bool:
    """Whether a browser fetches before anybody asked it to (https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Purpose)."""
    told = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any(word.lower().startswith(("prefetch", "prerender", "preview")) for word in told)


def by_hand(headers: Mapping[str, str]) -> bool:
    """Whether the browser vouches that a person set off this navigation
    (https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-User)."""
    return headers.get("Sec-Fetch-User") == "?1"
