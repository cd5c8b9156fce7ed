"""The account itself: what it is, its owners, and the app's leaving."""

from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot.hub import api, flag, hub, portal
from connectors.sandbox.hubspot.portal import Owner, iso, now
from connectors.sandbox.hubspot.problems import HubProblem, invalid, not_found

account = Blueprint("account", __name__)
OWNERS_PAGE = 500


@account.get("/account-info/<ver>/details")
@api()
def details() -> dict[str, Any]:
    return {
        "portalId": portal().id,
        "accountType": "STANDARD",
        "timeZone": portal().time_zone,
        "companyCurrency": "EUR",
        "additionalCurrencies": [],
        "utcOffset": "+01:00",
        "utcOffsetMilliseconds": 3_600_000,
        "uiDomain": portal().ui_domain,
        "dataHostingLocation": "eu1",
    }


@account.get("/crm/owners/<ver>")
@api("crm.objects.owners.read")
def owners() -> dict[str, Any]:
    limit, after = int(request.args.get("limit", 100)), int(request.args.get("after", 0))
    if not 1 <= limit <= OWNERS_PAGE:
        raise invalid(f"limit must be 1 to {OWNERS_PAGE}")
    email = request.args.get("email")
    every = [
        owner
        for owner in portal().owners.values()
        if owner.archived == flag("archived") and email in (None, owner.email)
    ]
    body: dict[str, Any] = {"results": [_owner(o) for o in every[after : after + limit]]}
    if after + limit < len(every):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return body


@account.get("/crm/owners/<ver>/<owner_id>")
@api("crm.objects.owners.read")
def one_owner(owner_id: str) -> dict[str, Any]:
    owner = portal().owners.get(owner_id)
    if owner is None or owner.archived != flag("archived"):
        raise not_found()
    return _owner(owner)


@account.delete("/appinstalls/<ver>/external-install")
@api()
def uninstall() -> tuple[str, int]:
    token = request.headers["Authorization"].partition(" ")[2]
    if not hub().grants.access[token].oauth:
        raise HubProblem(403, "FORBIDDEN", "only an app installed by OAuth can leave")
    hub().grants.uninstall()
    return "", 204


def _owner(owner: Owner) -> dict[str, Any]:
    at = iso(now())
    return {
        "id": owner.id,
        "email": owner.email,
        "firstName": owner.first,
        "lastName": owner.last,
        "userId": None if owner.archived else owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "type": owner.kind,
        "archived": owner.archived,
        "createdAt": at,
        "updatedAt": at,
        "teams": [],
    }
