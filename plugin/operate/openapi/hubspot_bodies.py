"""The bodies that HubSpot sends us and gets from us."""

from typing import Any

from plugin.operate.openapi.schemas import closed

_SCORES = {"type": "integer", "minimum": 0, "maximum": 10}
_MOMENT = {"type": "string", "format": "date-time"}
_NO_MOMENT = {"type": ["string", "null"], "format": "date-time"}

SCHEMAS: dict[str, Any] = {
    "Answered": closed(
        [
            "id",
            "score",
            "category",
            "comment",
            "touchpoint",
            "kind",
            "answered_at",
            "revision",
            "may_contact",
            "before",
        ],
        {
            "id": {"type": "string"},
            "score": _SCORES,
            "category": {"enum": ["promoter", "passive", "detractor"]},
            "comment": {"type": "string"},
            "touchpoint": {"type": "string", "description": "Its name."},
            "kind": {"type": "string"},
            "answered_at": _MOMENT,
            "revision": {"type": "integer", "minimum": 1},
            "may_contact": {"type": ["boolean", "null"]},
            "before": {
                **_SCORES,
                "type": ["integer", "null"],
                "description": "The score before it, of the same kind.",
            },
        },
    ),
    "FollowUp": closed(
        [
            "id",
            "answer",
            "state",
            "owner",
            "due_at",
            "opened_at",
            "closed_at",
            "closed_by",
            "cause",
            "outcome",
        ],
        {
            "id": {"type": "string"},
            "answer": {"type": "string"},
            "state": {"enum": ["open", "closed"]},
            "owner": {"type": "string"},
            "due_at": _MOMENT,
            "opened_at": _MOMENT,
            "closed_at": _NO_MOMENT,
            "closed_by": {"type": "string"},
            "cause": {"type": ["string", "null"]},
            "outcome": {"type": ["string", "null"]},
        },
    ),
    "Card": closed(
        [
            "contact",
            "answers",
            "more",
            "follow_ups",
            "touchpoints",
            "last_asked_at",
            "next_ask_at",
            "ask_refusal",
        ],
        {
            "contact": {"type": "string"},
            "answers": {
                "type": "array",
                "maxItems": 20,
                "items": {"$ref": "#/components/schemas/Answered"},
                "description": "The newest first.",
            },
            "more": {"type": "boolean", "description": "Whether there are older ones."},
            "follow_ups": {"type": "array", "items": {"$ref": "#/components/schemas/FollowUp"}},
            "touchpoints": {
                "type": "array",
                "items": closed(
                    ["key", "name", "kind"],
                    {name: {"type": "string"} for name in ("key", "name", "kind")},
                ),
            },
            "last_asked_at": _NO_MOMENT,
            "next_ask_at": _NO_MOMENT,
            "ask_refusal": {"type": ["string", "null"]},
        },
    ),
    "CardAsk": closed(
        ["contact", "touchpoint"],
        {name: {"type": "string", "maxLength": 128} for name in ("contact", "touchpoint")},
    ),
    "CardAsked": {
        "oneOf": [
            closed(
                ["asked", "ask_id", "url"],
                {
                    "asked": {"const": True},
                    "ask_id": {"type": "string"},
                    "url": {"type": "string", "description": "For the rep to send."},
                },
            ),
            closed(
                ["asked", "reason", "next_eligible_at"],
                {
                    "asked": {"const": False},
                    "reason": {"type": "string"},
                    "next_eligible_at": _NO_MOMENT,
                },
            ),
        ]
    },
    "CardHandle": closed(
        ["contact", "follow_up", "cause", "outcome"],
        {
            name: {"type": "string", "maxLength": 128}
            for name in ("contact", "follow_up", "cause", "outcome")
        },
    ),
    "CardHandled": closed(["follow_up"], {"follow_up": {"$ref": "#/components/schemas/FollowUp"}}),
    "HubSpotSettings": closed(
        [
            "account",
            "state",
            "words",
            "last_success_at",
            "backlog",
            "parked",
            "scopes",
            "admin_url",
            "version",
        ],
        {
            "account": {"type": "string"},
            "state": {"enum": ["connected", "needs_reconnect"]},
            "words": {"type": "string", "description": "What stands in the way, if anything."},
            "last_success_at": _NO_MOMENT,
            "backlog": {"type": "integer"},
            "parked": {"type": "integer"},
            "scopes": {
                "type": "array",
                "items": closed(
                    ["name", "purpose", "granted", "required"],
                    {
                        "name": {"type": "string"},
                        "purpose": {"type": "string"},
                        "granted": {"type": "boolean"},
                        "required": {"type": "boolean"},
                    },
                ),
            },
            "admin_url": {"type": "string"},
            "version": {"type": "string"},
        },
    ),
    "ActionOrder": {
        "type": "object",
        "required": ["callbackId", "origin", "object", "inputFields"],
        "description": "As HubSpot sends it; `callbackId` makes it happen once.",
        "properties": {
            "callbackId": {"type": "string", "maxLength": 200},
            "origin": {"type": "object", "properties": {"portalId": {"type": "integer"}}},
            "object": {"type": "object", "properties": {"objectId": {"type": "integer"}}},
            "inputFields": {
                "type": "object",
                "properties": {
                    "touchpoint": {"type": "string"},
                    "channel": {"enum": ["link", "email"]},
                },
            },
        },
    },
    "ActionReply": closed(
        ["outputFields"],
        {
            "outputFields": closed(
                ["gensvar_ask_id", "gensvar_link", "gensvar_reason", "hs_execution_state"],
                {
                    "gensvar_ask_id": {"type": "string"},
                    "gensvar_link": {"type": "string"},
                    "gensvar_reason": {"type": "string"},
                    "hs_execution_state": {"enum": ["SUCCESS", "FAIL_CONTINUE"]},
                },
            )
        },
    ),
    "Events": {"type": "array", "maxItems": 100, "items": {"type": "object"}},
    "Kept": closed(["kept"], {"kept": {"type": "integer"}}),
}
