"""The bodies that go over the wire."""

from typing import Any

from plugin.answers.parse import MAX_ASIDE, MAX_COMMENT, MAX_TOKEN
from plugin.asking.rules import REASONS
from plugin.errors import STATUS
from plugin.touchpoints.rules import CHANNELS

_TOKEN = {"type": "string", "minLength": 1, "maxLength": MAX_TOKEN}
_TEXTS = {
    "token": {**_TOKEN, "description": "The survey token; it is the credential."},
    "comment": {
        "type": "string",
        "maxLength": MAX_COMMENT,
        "description": "Left out it keeps its earlier value; empty clears it.",
    },
    "evidence": {
        "type": "string",
        "description": f"Opaque; {MAX_ASIDE} bytes of it are read, none kept.",
    },
    "website": {"type": "string", "description": "A decoy that people leave empty."},
}
_SCORE = "The first post of a token needs it; later it may be left out."


def closed(required: list[str], properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An object with these fields and no other."""
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What happened and what can be done."},
            "code": {"type": "string", "enum": sorted(STATUS)},
            "request_id": {"type": "string"},
            "fields": {
                "type": "object",
                "description": "With field_invalid: what is wrong, field by field.",
                "additionalProperties": {"type": "string"},
            },
        },
    },
    "AnswerPost": closed(
        ["token"],
        {
            "token": _TEXTS["token"],
            "score": {"type": "integer", "minimum": 0, "maximum": 10, "description": _SCORE},
            "comment": _TEXTS["comment"],
            "may_contact": {"type": "boolean"},
            "evidence": _TEXTS["evidence"],
            "website": _TEXTS["website"],
        },
    ),
    "AnswerForm": closed(
        ["token"],
        {
            "token": _TEXTS["token"],
            "score": {"enum": [str(score) for score in range(11)], "description": _SCORE},
            "comment": _TEXTS["comment"],
            "may_contact": {"enum": ["true", "false"]},
            "evidence": _TEXTS["evidence"],
            "website": _TEXTS["website"],
        },
    ),
    "AnswerReply": closed(
        ["answer_id", "revision"],
        {
            "answer_id": {"type": "string"},
            "category": {
                "enum": ["promoter", "passive", "detractor"],
                "description": "Of the NPS question; satisfaction and effort have none.",
            },
            "revision": {"type": "integer", "minimum": 1},
            "follow_up_question": {"type": "string"},
            "thanks": {"type": "string"},
            "next": {"type": "string", "description": "What happens next, for the customer."},
        },
    ),
    "Event": closed(
        ["token", "event"], {"token": _TOKEN, "event": {"enum": ["shown", "declined"]}}
    ),
    "Contact": {
        "description": "The CRM's record id, an e-mail address, or another unique field.",
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": 64},
            closed(["email"], {"email": {"type": "string", "maxLength": 320}}),
            closed(
                ["property", "value"],
                {
                    "property": {"type": "string", "maxLength": 320},
                    "value": {"type": "string", "maxLength": 320},
                },
            ),
        ],
    },
    "AskPost": closed(
        ["contact", "touchpoint"],
        {
            "contact": {"$ref": "#/components/schemas/Contact"},
            "touchpoint": {"type": "string", "minLength": 1, "maxLength": 64},
            "channel": {"enum": list(CHANNELS), "default": "widget"},
            "locale": {
                "type": "string",
                "minLength": 1,
                "maxLength": 35,
                "description": "A language tag; left out, the CRM's language of the contact.",
            },
            "context": {
                "type": "object",
                "description": "Kept with the ask, at most 2 KiB. `occurred_at`, a time with its offset, says when "
                "what the question is about happened: the touchpoint's delay and window count from it.",
            },
        },
    ),
    "AskReply": {
        "oneOf": [
            closed(
                ["asked", "ask_id", "token", "url", "snippet"],
                {
                    "asked": {"const": True},
                    "ask_id": {"type": "string"},
                    "token": {"type": "string"},
                    "url": {"type": "string", "description": "The survey as a page."},
                    "snippet": {"type": "string", "description": "HTML for the host page."},
                    "notice": {"$ref": "#/components/schemas/Notice"},
                },
            ),
            closed(
                ["asked", "reason", "next_eligible_at"],
                {
                    "asked": {"const": False},
                    "reason": {"enum": list(REASONS), "description": "The first that holds."},
                    "next_eligible_at": {
                        "type": ["string", "null"],
                        "format": "date-time",
                        "description": "When, as things stand, no reason holds any more; else null.",
                    },
                    "notice": {"$ref": "#/components/schemas/Notice"},
                },
            ),
        ]
    },
    "Notice": closed(
        ["token", "snippet"],
        {
            "token": {
                "type": "string",
                "description": "For this line's events; it opens no survey.",
            },
            "snippet": {
                "type": "string",
                "description": "HTML for the host page: a line, shown once.",
            },
        },
    ),
    "Alive": closed(["alive"], {"alive": {"const": True}}),
    "Ready": {
        "type": "object",
        "required": ["ready"],
        "description": "Everything but `ready` only for whoever may see the metrics.",
        "properties": {
            "ready": {"type": "boolean"},
            "reasons": {"type": "array", "items": {"type": "string"}},
            "warnings": {"type": "array", "items": {"type": "string"}},
            "worker_heartbeat_seconds": {"type": ["number", "null"]},
            "backlog_seconds": {"type": "number"},
            "parked": {"type": "integer"},
            "unsure": {"type": "integer"},
            "needs_reconnect": {"type": "array", "items": {"type": "string"}},
            "polled_late": {"type": "array", "items": {"type": "string"}},
        },
    },
}
