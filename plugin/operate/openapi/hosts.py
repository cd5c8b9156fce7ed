"""What a host's own server uses, and the two addresses of signing in to a CRM."""

from typing import Any

from plugin.operate.openapi.parts import in_path, in_query, json_body, problems, ref, text

_CRM = in_path("crm", "Which CRM.", enum=["hubspot", "salesforce"])

PATHS: dict[str, Any] = {
    "/api/v1/asks": {
        "post": {
            "tags": ["hosts"],
            "operationId": "ask",
            "summary": "May this contact be asked now? If so: a token, a link and the snippet to embed.",
            "description": (
                "The contact is looked up in the key's installation; none is ever created. While an "
                "ask for the same contact and touchpoint is open the same ask_id comes back. Not asked is "
                "no error: show no question, and ask again with the next page. `notice` is there, asked or not, "
                "while a change waits to be told to this person on a page; only for channel `widget`."
            ),
            "security": [{"apiKey": []}],
            "requestBody": {
                "required": True,
                **json_body(
                    "AskPost",
                    {"contact": {"email": "ebba@bjorkbygg.example"}, "touchpoint": "support-case"},
                ),
            },
            "responses": {
                "200": {
                    "description": "Decided.",
                    "content": {
                        "application/json": {
                            "schema": ref("AskReply"),
                            "examples": {
                                "asked": {
                                    "value": {
                                        "asked": True,
                                        "ask_id": "01kadhjq2f9x5s4m7t8v6w3y2z",
                                        "token": "eyJ...",
                                        "url": "https://nps.example.com/s/eyJ...",
                                        "snippet": "<script async src=...></script>",
                                    }
                                },
                                "not asked": {
                                    "value": {
                                        "asked": False,
                                        "reason": "opted_out",
                                        "next_eligible_at": None,
                                    }
                                },
                                "not asked, with something to tell": {
                                    "value": {
                                        "asked": False,
                                        "reason": "answered_recently",
                                        "next_eligible_at": "2027-02-18T09:30:00Z",
                                        "notice": {
                                            "token": "eyJ...",
                                            "snippet": "<script async src=...></script>",
                                        },
                                    }
                                },
                            },
                        }
                    },
                },
                **problems(
                    "body_malformed", "unauthenticated", "not_found", "contact_ambiguous",
                    "needs_reconnect", "body_too_large", "media_type", "field_invalid",
                    "rate_limited", "crm_unavailable", "storage_unavailable",
                ),
            },
        }
    },
    "/oauth/{crm}/start": {
        "get": {
            "tags": ["hosts"],
            "operationId": "connectStart",
            "summary": "Sends a signed-in administrator to the CRM's own consent page.",
            "security": [{"session": []}],
            "parameters": [
                _CRM,
                in_query("ready", "What was given on the connect page."),
                in_query("installation", "The one to connect again."),
            ],
            "responses": {
                "302": {"description": "To the CRM."},
                "303": {"description": "To the sign-in page first."},
                **problems("oauth_state", "not_found"),
            },
        }
    },
    "/oauth/{crm}/callback": {
        "get": {
            "tags": ["hosts"],
            "operationId": "connectCallback",
            "summary": "Where the CRM sends the administrator back to; ends on a page that asks first.",
            "security": [{"session": []}],
            "parameters": [
                _CRM,
                in_query("code", "Given by the CRM."),
                in_query("state", "Ours, used once."),
                in_query("error", "Why the CRM refused."),
            ],
            "responses": {
                "200": text("text/html", "Why it did not work, and what to do."),
                "302": {"description": "To the page that names the account and asks first."},
                **problems("oauth_state", "not_found"),
            },
        }
    },
}  # fmt: skip
