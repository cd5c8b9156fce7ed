"""The settings of a Gensvar under measurement, as environment variables."""

from collections.abc import Mapping

SIGNING_KEY = "s" * 40
HOST_PAGE = "https://shop.example"


def environ(database_url: str, port: int, **more: str) -> Mapping[str, str]:
    """In mode ``test``: the same as in production but for plain http to the sandboxes."""
    chosen = {
        "ENV": "test",
        "DATABASE_URL": database_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SIGNING_KEYS": SIGNING_KEY,
        "ENCRYPTION_KEYS": "e" * 40,
        "ADMIN_TOKEN": "a" * 40,
        "ALLOWED_ORIGINS": HOST_PAGE,
        **more,
    }
    return {f"GENSVAR_{name}": value for name, value in chosen.items()}
