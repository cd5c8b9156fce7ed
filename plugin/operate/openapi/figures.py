"""What a host's own server reads: the answers, and NPS that never stands alone."""

from typing import Any

from plugin.figures.parse import MOST, USUAL
from plugin.figures.rules import CONFIDENCE, LEAST, NPS_KINDS
from plugin.operate.openapi.parts import in_query, json_body, problems
from plugin.operate.openapi.schemas import closed
from plugin.touchpoints.rules import CHANNELS

ID = "01kadhjq2f9x5s4m7t8v6w3y2z"
_READING = (
    "body_malformed",
    "unauthenticated",
    "field_invalid",
    "rate_limited",
    "storage_unavailable",
)
_NPS = {
    "kind": "transactional", "touchpoint": "support-case", "segment": None, "from": "2026-10-01", "to": "2026-10-31",
    "nps": 31.2, "interval": {"low": 14.7, "high": 45.9, "confidence": 0.95},
    "n": 96, "promoters": 50, "passives": 26, "detractors": 20,
    "response_rate": {"percent": 38.4, "answered": 96, "reached": 250},
    "erased": {"counted": 1, "left_out": 0},
}  # fmt: skip
_ANSWER = {
    "answer_id": ID, "contact": "501", "touchpoint": "support-case", "kind": "transactional", "channel": "link",
    "locale": "sv", "score": 9, "category": "promoter", "comment": "Quick help.", "may_contact": None,
    "revision": 1, "answered_at": "2026-10-21T09:30:00Z", "revised_at": "2026-10-21T09:30:00Z", "test": False,
}  # fmt: skip

PATHS: dict[str, Any] = {
    "/api/v1/answers": {
        "get": {
            "tags": ["hosts"],
            "operationId": "answers",
            "summary": "The answers of the key's installation that count, in the order they came.",
            "description": (
                "`next` is where the following page begins, null on the last one; go on later from the last "
                "`answer_id` you have. An answer may be revised for 24 hours and may be judged anew, so begin two "
                "days back each time and overwrite by `answer_id`. Erased people's answers are not in it."
            ),
            "security": [{"apiKey": []}],
            "parameters": [
                in_query("after", "The id of the last answer you have.", pattern="^[0-9a-z]{26}$"),
                in_query("limit", f"How many at most; {USUAL} without it.")
                | {"schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}},
            ],
            "responses": {
                "200": json_body("Answers", {"answers": [_ANSWER], "next": None}, "A page of answers."),
                **problems(*_READING),
            },
        }
    },
    "/api/v1/nps": {
        "get": {
            "tags": ["hosts"],
            "operationId": "nps",
            "summary": "NPS of one kind with its count, its interval and its response rate.",
            "description": (
                "For the key's installation. Kinds are never mixed: where there are answers of both and none is "
                f"named it is `kinds_mixed`. Below {LEAST} answers there is no figure: `too_few_answers`. Tests are "
                "in no figure."
            ),
            "security": [{"apiKey": []}],
            "parameters": [
                in_query("touchpoint", "The key of a touchpoint; all without it."),
                in_query("kind", "Needed where there are answers of both.", enum=list(NPS_KINDS)),
                in_query("segment", "The key of a segment: only the answers of those who are in it now."),
                in_query("from", "The first day, in UTC.", format="date"),
                in_query("to", "The last day, in UTC, itself included.", format="date"),
            ],
            "responses": {
                "200": json_body("Nps", _NPS, "The figure."),
                **problems(*_READING, "not_found", "kinds_mixed", "too_few_answers"),
            },
        }
    },
}  # fmt: skip

_POINTS = {"type": "number", "minimum": -100, "maximum": 100}
_COUNT = {"type": "integer", "minimum": 0}
_DAY = {"type": ["string", "null"], "format": "date"}
_TIME = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}


def _all(properties: dict[str, Any], description: str = "") -> dict[str, Any]:
    more = {"description": description} if description else {}
    return closed(list(properties), properties, **more)


SCHEMAS: dict[str, Any] = {
    "Answers": _all({
        "answers": {"type": "array", "items": _all({
            "answer_id": _TEXT,
            "contact": {"type": "string", "description": "The CRM's record id."},
            "touchpoint": _TEXT,
            "kind": _TEXT,
            "channel": {"enum": list(CHANNELS)},
            "locale": _TEXT,
            "score": {"type": "integer", "minimum": 0, "maximum": 10},
            "category": {
                "enum": ["promoter", "passive", "detractor", None],
                "description": "Null for satisfaction and effort, which are no NPS.",
            },
            "comment": _TEXT,
            "may_contact": {"type": ["boolean", "null"], "description": "Null: not asked, or not said."},
            "revision": {"type": "integer", "minimum": 1},
            "answered_at": _TIME,
            "revised_at": _TIME,
            "test": {"type": "boolean", "description": "By a colleague or a test contact: in no figure."},
        })},
        "next": {"type": ["string", "null"]},
    }),
    "Nps": _all({
        "kind": {"enum": list(NPS_KINDS)},
        "touchpoint": {"type": ["string", "null"]},
        "segment": {"type": ["string", "null"]},
        "from": _DAY,
        "to": _DAY,
        "nps": _POINTS,
        "interval": _all(
            {"low": _POINTS, "high": _POINTS, "confidence": {"const": CONFIDENCE}},
            "Adjusted Wald, Rocks 2016.",
        ),
        "n": {"type": "integer", "minimum": LEAST},
        "promoters": _COUNT,
        "passives": _COUNT,
        "detractors": _COUNT,
        "response_rate": _all(
            {"percent": {"type": ["number", "null"]}, "answered": _COUNT, "reached": _COUNT},
            "Of those asked in the period: how many were reached, and how many of them answered.",
        ),
        "erased": _all(
            {"counted": _COUNT, "left_out": _COUNT},
            "Answers of people erased by now, of which only the month is kept: those in n, and those of months "
            "that the period has only a part of. Among a segment all are left out: nobody knows whose they were.",
        ),
    }),
}  # fmt: skip
