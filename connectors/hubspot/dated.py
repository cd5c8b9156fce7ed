"""hubspot-api-client under dated paths.

The client knows v3 and v4 paths, which end in 2027; bodies are the same under dated ones. Each of its
packages has an ``ApiClient`` of its own: we make a subclass per package and hand it in by the client's
``api_factory``.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import urllib3

from connectors.hubspot.failures import Answered

CONNECT, READ = 4.0, 12.0
RULES = (
    (re.compile(r"^/crm/v[34]/objects(?=/)"), "/crm/objects/{}"),
    (re.compile(r"^/crm/v4/associations(?=/)"), "/crm/associations/{}"),
    (re.compile(r"^/crm/v3/(properties|owners|pipelines|lists)(?=/|$)"), r"/crm/\1/{}"),
)

Factory = Callable[[Any, str, dict[str, Any]], Any]


def dated(path: str, version: str) -> str:
    """The dated form of the client's *path*. Raises ``RuntimeError`` for one that has none."""
    for pattern, form in RULES:
        if pattern.match(path):
            return pattern.sub(form.format(version), path).rstrip("/")
    raise RuntimeError(f"no dated form of {path}")


def factory(version: str, pools: urllib3.PoolManager) -> Factory:
    """For the client's ``api_factory``: dated paths, our own pools (deadline, no retries, no redirects),
    plain JSON instead of models, and ``Answered`` for whatever is no success."""

    def make(package: Any, name: str, config: dict[str, Any]) -> Any:
        configuration = package.Configuration(host=config["host"])
        configuration.access_token = config["access_token"]
        client = _subclass(package, version)(configuration)
        client.user_agent = "Gensvar"
        client.rest_client.pool_manager = pools
        return getattr(package, name)(api_client=client)

    return make


@cache
def _subclass(package: Any, version: str) -> type[Any]:
    class Dated(package.ApiClient):  # type: ignore[misc]
        def call_api(self, resource_path: str, method: str, *args: Any, **kwargs: Any) -> Any:
            kwargs["_request_timeout"] = kwargs.get("_request_timeout") or (CONNECT, READ)
            return super().call_api(dated(resource_path, version), method, *args, **kwargs)

        def request(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().request(*args, **kwargs)
            except package.ApiException as error:
                if not error.status:
                    # The client's way to say that TLS failed; what happened is in the context.
                    raise error.__context__ or OSError("tls") from None
                raise Answered(error.status, error.body, error.headers) from None

        def deserialize(self, response: Any, response_type: str) -> Any:
            return json.loads(response.data)

    return Dated
