"""A strict local HubSpot: ``with HubSpotSandbox() as hub: hub.url, hub.token(), hub.calls``."""

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox

__all__ = ["HubSpotSandbox"]
