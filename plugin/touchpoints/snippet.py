"""What an administrator copies: the code for the page, and the request of the host's server."""

from plugin.touchpoints.reading import Touchpoint
from widget.snippet import snippet

TOKEN = "TOKEN"  # noqa: S105 - stands where each customer's own token goes


def embed_code(base_url: str, touchpoint: Touchpoint, locale: str) -> str:
    """The snippet, with a word where each customer's token goes."""
    return snippet(
        base_url,
        TOKEN,
        locale=locale,
        company=touchpoint.company,
        touchpoint=touchpoint.subject(locale),
    )


def ask_command(base_url: str, touchpoint: Touchpoint, locale: str) -> str:
    """How the host's server gets a customer's token."""
    return (
        f"curl {base_url}/api/v1/asks \\\n"
        '  -H "Authorization: Bearer gv_YOUR_API_KEY" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"""  -d '{{"contact": {{"email": "customer@example.com"}}, """
        f""""touchpoint": "{touchpoint.key}", "locale": "{locale}"}}'"""
    )
