"""What a customer's page and browser speak to."""

from typing import Any

from plugin.operate.openapi.parts import in_path, in_query, json_body, problems, ref, text

ID = "01kadhjq2f9x5s4m7t8v6w3y2z"
_ORIGIN = ("origin_refused",)
_TOKEN = ("link_invalid", "link_expired", "rate_limited")
_BODY = ("body_malformed", "field_invalid", "body_too_large", "media_type")
_REPLY = {"answer_id": ID, "category": "detractor", "revision": 1,
          "next": "One of our people reads your answer and gets back to you within 24 hours."}  # fmt: skip
_WIDGET = "The script, brotli-compressed where accepted."
_PRIVATE = ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")
_CROSS = ("Cache-Control", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")


def _preflight(name: str) -> dict[str, Any]:
    return {
        "tags": ["customers"],
        "operationId": name,
        "summary": "Preflight, for host pages that send JSON; the widget needs none.",
        "responses": {"204": {"description": "Allowed for this origin."}, **problems(*_ORIGIN)},
    }


PATHS: dict[str, Any] = {
    "/api/v1/answers": {
        "post": {
            "tags": ["customers"],
            "operationId": "answer",
            "summary": "Stores an answer, or revises it inside the 24 hours after the first one.",
            "description": (
                "At most 16 KiB. A repeated or unknown key is `body_malformed`. An identical body is a "
                "no-op. A form post that asks for text/html is answered with 303 to `/s/{token}`. By a widget's "
                "token every answer counts; by a link's or a mail's it counts once a human hand was seen on the "
                "page behind `/s/{token}`. The reply is the same either way."
            ),
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": ref("AnswerPost"),
                        "example": {"token": "eyJ...", "score": 3, "comment": "The import stopped."},
                    },
                    "application/x-www-form-urlencoded": {
                        "schema": ref("AnswerForm"),
                        "example": {"token": "eyJ...", "score": "3", "may_contact": "true"},
                    },
                },
            },
            "responses": {
                "200": json_body(
                    "AnswerReply", _REPLY | {"revision": 2}, "Revised, or nothing new was said."
                ),
                "201": json_body("AnswerReply", _REPLY, "The first answer of this token."),
                "303": {
                    "description": "To the thank-you page, for a form sent without script.",
                    "headers": {"Location": {"schema": {"type": "string"}}},
                },
                **problems(*_BODY, *_ORIGIN, *_TOKEN, "already_answered", "storage_unavailable"),
            },
        },
        "options": _preflight("answerPreflight"),
    },
    "/api/v1/asks/events": {
        "post": {
            "tags": ["customers"],
            "operationId": "event",
            "summary": "The question was shown, or closed without an answer. Idempotent.",
            "description": (
                "With a notice's token: its line is shown, or was closed. `link_expired` says that she was told "
                "meanwhile, by mail or on another page, so that nothing is to be shown."
            ),
            "requestBody": {
                "required": True,
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": ref("Event"),
                        "example": {"token": "eyJ...", "event": "shown"},
                    }
                },
            },
            "responses": {
                "204": {"description": "Noted."},
                **problems(*_BODY, *_ORIGIN, *_TOKEN, "storage_unavailable"),
            },
        },
        "options": _preflight("eventPreflight"),
    },
    "/s/{token}": {
        "get": {
            "tags": ["customers"],
            "operationId": "survey",
            "summary": "The survey as a page; it works without script and records nothing but how it was opened.",
            "parameters": [
                in_path("token", "A survey token."),
                in_query("score", "Preselects, never stores.", pattern="^(10|[0-9])$"),
                in_query("edit", "After an answer: shows the form again.", const="1"),
                in_query("given", "The answer that whoever asks has just given, to be thanked for it."),
            ],
            "responses": {
                "200": text("text/html", "The question, or the thank-you after an answer.", _PRIVATE),
                "403": text("text/html", "The link is not valid (`link_invalid`)."),
                "410": text("text/html", "The link has expired (`link_expired`)."),
                "429": text("text/html", "Too many invalid links (`rate_limited`)."),
                "503": text("text/html", "Nothing can be read right now (`storage_unavailable`)."),
            },
        }
    },
    "/u/{token}": {
        "get": {
            "tags": ["customers"],
            "operationId": "unsubscribePage",
            "summary": "Says what unsubscribing does, with one button; looking changes nothing.",
            "parameters": [in_path("token", "From a mail's unsubscribe link.")],
            "responses": {
                "200": text("text/html", "The page, in the customer's language.", _PRIVATE),
                "403": text("text/html", "The link is not valid (`link_invalid`)."),
                "429": text("text/html", "Too many invalid links (`rate_limited`)."),
            },
        },
        "post": {
            "tags": ["customers"],
            "operationId": "unsubscribe",
            "summary": "Stops all questions and messages; one click as in RFC 8058. Idempotent.",
            "description": (
                "Looks at no origin and at nothing in the body, which mail programs fill with "
                "`List-Unsubscribe=One-Click`; at most 16 KiB."
            ),
            "parameters": [in_path("token", "From a mail's List-Unsubscribe header.")],
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object"},
                        "example": {"List-Unsubscribe": "One-Click"},
                    }
                }
            },
            "responses": {
                "200": text("text/html", "Nobody asks this person any more.", _PRIVATE),
                "403": text("text/html", "The link is not valid (`link_invalid`)."),
                "413": text("text/html", "The body is too large (`body_too_large`)."),
                "429": text("text/html", "Too many invalid links (`rate_limited`)."),
                "503": text("text/html", "Nothing can be stored right now; try again."),
            },
        },
    },
    "/{version}/{name}": {
        "get": {
            "tags": ["customers"],
            "operationId": "versionedFile",
            "summary": "A file of a released widget version: its bytes never change.",
            "parameters": [
                in_path("version", "The widget's version.", enum=["v1"]),
                in_path(
                    "name",
                    "`widget.<locale>.js`, `notice.<locale>.js`, `page.js` or `page.css`.",
                    example="widget.sv.js",
                ),
            ],
            "responses": {
                "200": text("text/javascript", _WIDGET, _CROSS),
                "304": {"description": "Not changed."},
                **problems("not_found"),
            },
        }
    },
    "/widget.{locale}.js": {
        "get": {
            "tags": ["customers"],
            "operationId": "newestWidget",
            "summary": "The newest widget in one language; cached for a short while.",
            "parameters": [in_path("locale", "A language there is.", example="sv")],
            "responses": {
                "200": text("text/javascript", _WIDGET, _CROSS),
                "304": {"description": "Not changed."},
                **problems("not_found"),
            },
        }
    },
}  # fmt: skip
