"""What HubSpot calls: signed with the app's client secret, for the account that the signed query names."""

from typing import Any

from plugin.operate.openapi.parts import Part, json_body, problems, required_query

_SIGNED: list[Part] = [{"hubspotSignature": [], "hubspotTimestamp": []}]
_ACCOUNT = [
    required_query("portalId", "The account; HubSpot appends it and signs it."),
    required_query("userId", "Who looks at the record; HubSpot appends it.", must=False),
    required_query("userEmail", "Whose address that is; HubSpot appends it.", must=False),
    required_query("appId", "Our app; HubSpot appends it.", must=False),
]
_REFUSED = ("signature_invalid", "timestamp_skew", "body_malformed", "forbidden", "not_found")
_FOLLOW_UP = {
    "id": "01kadhjq2f9x5s4m7t8v6w3y2z",
    "answer": "01kadhjq2f9x5s4m7t8v6w3y2y",
    "state": "closed",
    "owner": "Astrid Holm",
    "due_at": "2026-11-26T09:00:00Z",
    "opened_at": "2026-11-25T09:00:00Z",
    "closed_at": "2026-11-25T11:30:00Z",
    "closed_by": "astrid@nordlys.example",
    "cause": "slow_reply",
    "outcome": "solved",
}
_CARD = {
    "contact": "20101",
    "answers": [
        {
            "id": "01kadhjq2f9x5s4m7t8v6w3y2y",
            "score": 3,
            "category": "detractor",
            "comment": "Nobody answered.",
            "touchpoint": "Support case closed",
            "kind": "transactional",
            "answered_at": "2026-11-25T09:00:00Z",
            "revision": 2,
            "may_contact": None,
            "before": 7,
        }
    ],
    "more": False,
    "follow_ups": [_FOLLOW_UP],
    "touchpoints": [
        {"key": "support-case", "name": "Support case closed", "kind": "transactional"}
    ],
    "last_asked_at": "2026-11-25T08:59:00Z",
    "next_ask_at": None,
    "ask_refusal": None,
}
_SETTINGS = {
    "account": "nordlys.example",
    "state": "connected",
    "words": "",
    "last_success_at": "2026-11-25T09:00:10Z",
    "backlog": 0,
    "parked": 0,
    "scopes": [
        {"name": "oauth", "purpose": "to connect at all", "granted": True, "required": True}
    ],
    "admin_url": "https://nps.example.com/admin/installations/hubspot:555001",
    "version": "0.1.0",
}
_EVENT = {
    "eventId": 103, "subscriptionId": 7, "portalId": 555001, "appId": 42,
    "occurredAt": 1790000000300, "subscriptionType": "object.deletion", "objectTypeId": "0-1",
    "attemptNumber": 0, "objectId": 20101,
}  # fmt: skip
_ORDER = {
    "callbackId": "ap-1-2-3-0",
    "origin": {"portalId": 555001},
    "object": {"objectId": 20101, "objectType": "CONTACT"},
    "inputFields": {"touchpoint": "support-case"},
}


def _operation(name: str, summary: str, responses: Part, **more: Any) -> Part:
    return {
        "tags": ["hubspot"],
        "operationId": name,
        "summary": summary,
        "security": _SIGNED,
        "responses": responses,
        **more,
    }


def _body(schema: str, example: Any) -> Part:
    return {"required": True, **json_body(schema, example)}


def _choices(schema: str, **examples: Any) -> Part:
    """A 200 of several forms."""
    found = json_body(schema, None, "Decided.")
    held = found["content"]["application/json"]
    del held["example"]
    held["examples"] = {name.replace("_", " "): {"value": one} for name, one in examples.items()}
    return found


PATHS: dict[str, Any] = {
    "/hubspot/card": {
        "get": _operation(
            "hubspotCard",
            "What the card on a contact cannot read from the contact: answers, follow-ups, touchpoints.",
            {
                "200": json_body("Card", _CARD, "Empty for a contact that was never asked."),
                **problems(*_REFUSED, "field_invalid", "rate_limited", "storage_unavailable"),
            },
            parameters=[required_query("contact", "The contact's record id."), *_ACCOUNT],
        )
    },
    "/hubspot/card/ask": {
        "post": _operation(
            "hubspotCardAsk",
            "Send a survey now: the same rules as any ask, and the same ask while one is open.",
            {
                "200": _choices(
                    "CardAsked",
                    asked={
                        "asked": True,
                        "ask_id": "01kadhjq2f9x5s4m7t8v6w3y2z",
                        "url": "https://nps.example.com/s/eyJ...",
                    },
                    not_asked={
                        "asked": False,
                        "reason": "unsubscribed",
                        "next_eligible_at": None,
                    },
                ),
                **problems(
                    *_REFUSED, "field_invalid", "media_type", "body_too_large", "needs_reconnect",
                    "rate_limited", "crm_unavailable", "storage_unavailable",
                ),
            },
            parameters=_ACCOUNT,
            requestBody=_body("CardAsk", {"contact": "20101", "touchpoint": "support-case"}),
        )
    },
    "/hubspot/card/handled": {
        "post": _operation(
            "hubspotCardHandled",
            "Mark a follow-up handled; a second time the same answer.",
            {
                "200": json_body("CardHandled", {"follow_up": _FOLLOW_UP}, "As it stands now."),
                **problems(
                    *_REFUSED, "field_invalid", "media_type", "body_too_large", "rate_limited",
                    "storage_unavailable",
                ),
            },
            parameters=_ACCOUNT,
            requestBody=_body(
                "CardHandle",
                {
                    "contact": "20101",
                    "follow_up": _FOLLOW_UP["id"],
                    "cause": "slow_reply",
                    "outcome": "solved",
                },
            ),
        )
    },
    "/hubspot/settings": {
        "get": _operation(
            "hubspotSettings",
            "How the connection is, for the app's settings page.",
            {
                "200": json_body("HubSpotSettings", _SETTINGS, "The connection."),
                **problems(*_REFUSED, "rate_limited", "storage_unavailable"),
            },
            parameters=_ACCOUNT,
        )
    },
    "/hubspot/actions/ask": {
        "post": _operation(
            "hubspotAction",
            "The workflow action: decided once per callback, and 200 for whoever cannot be asked.",
            {
                "200": _choices(
                    "ActionReply",
                    asked={
                        "outputFields": {
                            "gensvar_ask_id": "01kadhjq2f9x5s4m7t8v6w3y2z",
                            "gensvar_link": "https://nps.example.com/s/eyJ...",
                            "gensvar_reason": "",
                            "hs_execution_state": "SUCCESS",
                        }
                    },
                    not_asked={
                        "outputFields": {
                            "gensvar_ask_id": "",
                            "gensvar_link": "",
                            "gensvar_reason": "opted_out",
                            "hs_execution_state": "FAIL_CONTINUE",
                        }
                    },
                ),
                **problems(
                    "signature_invalid", "timestamp_skew", "body_malformed", "body_too_large",
                    "rate_limited", "crm_unavailable", "storage_unavailable",
                ),
            },
            description="Signed with version 2 (no time in it) or version 3.",
            requestBody=_body("ActionOrder", _ORDER),
        )
    },
    "/hubspot/webhooks": {
        "post": _operation(
            "hubspotWebhooks",
            "What happened to contacts and tasks: kept at once, looked at later.",
            {
                "200": json_body("Kept", {"kept": 1}, "How many events concern us."),
                **problems(
                    "signature_invalid", "timestamp_skew", "body_malformed", "body_too_large",
                    "rate_limited", "storage_unavailable",
                ),
            },
            description="At most 100 events. Twice the same, unknown accounts and unknown kinds are harmless.",
            requestBody=_body("Events", [_EVENT]),
        )
    },
}  # fmt: skip
