"""What can be ordered of a portal."""

from dataclasses import dataclass


@dataclass
class Options:
    """How this portal differs from an ordinary one. ``search_lag`` in seconds. ``app_url`` is the app's server, to
    which webhooks and the card's requests go (none: neither); ``webhook_retry`` is about how many seconds a webhook
    that was not taken waits."""

    activity_properties: bool = True
    archived_names_blocked: bool = True
    rotate_refresh: bool = False
    access_ttl: float = 1800
    rate: int = 110
    daily: int | None = None
    search_rate: int = 5
    search_lag: float = 0.0
    retry_after: bool = False
    app_url: str = ""
    task_webhooks: bool = False
    webhook_twice: bool = False
    webhook_shuffle: bool = False
    webhook_retry: float = 60.0
