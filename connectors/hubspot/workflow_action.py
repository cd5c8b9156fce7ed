"""The action *Send an NPS survey* in HubSpot's workflows.

https://developers.hubspot.com/docs/apps/developer-platform/add-features/custom-workflow-actions
"""

from typing import Any

from connectors.manifest import Action

ASK_ID, LINK, REASON = "gensvar_ask_id", "gensvar_link", "gensvar_reason"


def workflow_action(words: Action, base: str) -> dict[str, Any]:
    """Its configuration. The path and the names of what goes in and comes out are those of the route that answers."""
    return {
        "actionUrl": f"{base}/hubspot/actions/ask",
        "isPublished": True,
        "supportedClients": [{"client": "WORKFLOWS"}],
        "objectTypes": ["CONTACT"],
        "inputFields": [_touchpoint(), _channel(words)],
        "outputFields": [_output(name) for name in (ASK_ID, LINK, REASON)],
        "labels": {"en": _labels(words)},
    }


def _touchpoint() -> dict[str, Any]:
    return {
        "typeDefinition": {"name": "touchpoint", "type": "string", "fieldType": "text"},
        "supportedValueTypes": ["STATIC_VALUE", "OBJECT_PROPERTY"],
        "isRequired": True,
    }


def _channel(words: Action) -> dict[str, Any]:
    options = [{"value": "link", "label": words.channel_link}]
    return {
        "typeDefinition": {
            "name": "channel",
            "type": "enumeration",
            "fieldType": "select",
            "options": options,
        },
        "supportedValueTypes": ["STATIC_VALUE"],
        "isRequired": False,
    }


def _output(name: str) -> dict[str, Any]:
    return {"typeDefinition": {"name": name, "type": "string", "fieldType": "text"}}


def _labels(words: Action) -> dict[str, Any]:
    return {
        "actionName": words.name,
        "actionDescription": words.description,
        "actionCardContent": words.card,
        "inputFieldLabels": {"touchpoint": words.touchpoint, "channel": words.channel},
        "inputFieldDescriptions": {
            "touchpoint": words.touchpoint_help,
            "channel": words.channel_help,
        },
        "outputFieldLabels": {ASK_ID: words.ask_id, LINK: words.link, REASON: words.reason},
    }
