"""The app project that a self-hoster uploads to HubSpot: what of it follows from the manifest.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/app-configuration
The cards and the settings page themselves are written by hand, in ``project/src/app/``.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connectors.hubspot.workflow_action import workflow_action
from connectors.manifest import Card, Manifest, Words

FOLDER = Path(__file__).parent / "project"
PROFILE = "gensvar"
PROFILE_FILE = f"src/hsprofile.{PROFILE}.json"
EXAMPLE = "https://nps.example.com"
BASE = "${baseUrl}"
PLACES = ("sidebar", "tab")
# HubSpot builds each extension from its own folder, so what both need is written once and copied.
COPIED_FROM, COPIED_TO = "src/app/cards", "src/app/settings"
COPIED = ("shared", "tsconfig.json")
HEAD = "// Derived from manifest.json: gensvar build hubspot writes it anew."
CONTACT_EVENTS = ("object.merge", "object.deletion", "object.restore")


def derived(manifest: Manifest) -> dict[str, bytes]:
    """Path below ``project/`` and bytes of every file that follows from the manifest."""
    made = {path: _json(content) for path, content in _configuration(manifest)}
    words = manifest.hubspot.settings
    made["src/app/cards/fields.ts"] = _module(fields=_properties(manifest))
    made["src/app/cards/words.ts"] = _module(
        title=manifest.card.title, **_by_language(manifest.card)
    )
    made["src/app/settings/words.ts"] = _module(texts=_turned(words))
    return made | dict(_copies())


def profile(base_url: str, account: int) -> bytes:
    """The profile with which HubSpot fills in this installation's address; *account* is where the app is uploaded.

    https://developers.hubspot.com/docs/developer-tooling/local-development/build-with-config-profiles
    """
    return _json({"accountId": account, "variables": {"baseUrl": base_url}})


def written_by_hand() -> Iterator[tuple[str, bytes]]:
    """What is uploaded beside the derived files."""
    for path in sorted((FOLDER / "src").rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            yield path.relative_to(FOLDER).as_posix(), path.read_bytes()


def _configuration(manifest: Manifest) -> Iterator[tuple[str, Mapping[str, Any]]]:
    ours = manifest.hubspot.app
    yield (
        "hsproject.json",
        {"name": ours.project, "srcDir": "src", "platformVersion": ours.platform_version},
    )
    yield "src/app/app-hsmeta.json", _app(manifest)
    for place in PLACES:
        yield f"src/app/cards/nps-{place}-hsmeta.json", _card(manifest, place)
    yield "src/app/settings/settings-hsmeta.json", _settings(manifest)
    yield "src/app/webhooks/webhooks-hsmeta.json", _webhooks(manifest)
    action = _part(
        manifest, "ask", "workflow-action", workflow_action(manifest.hubspot.action, BASE)
    )
    yield "src/app/workflow-actions/ask-hsmeta.json", action
    yield PROFILE_FILE, json.loads(profile(EXAMPLE, 0))


def _app(manifest: Manifest) -> dict[str, Any]:
    scopes = manifest.hubspot.scopes
    auth = {
        "type": "oauth",
        "redirectUrls": [f"{BASE}/oauth/hubspot/callback"],
        "requiredScopes": list(scopes.required),
        "optionalScopes": list(scopes.optional),
        "conditionallyRequiredScopes": [],
    }
    config = {
        "name": manifest.hubspot.app.name,
        "description": manifest.hubspot.app.description,
        "distribution": "private",
        "auth": auth,
        "permittedUrls": {"fetch": [BASE], "iframe": [], "img": []},
    }
    return {"uid": manifest.hubspot.app.uid, "type": "app", "config": config}


def _card(manifest: Manifest, place: str) -> dict[str, Any]:
    """A card stands in one place, so there are two with the same component.

    https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensibility/app-cards/reference
    """
    config = {
        "name": manifest.card.title,
        "description": manifest.hubspot.app.description,
        "location": f"crm.record.{place}",
        "entrypoint": "/app/cards/NpsCard.tsx",
        "objectTypes": ["contacts"],
    }
    return _part(manifest, place, "card", config)


def _settings(manifest: Manifest) -> dict[str, Any]:
    return _part(manifest, "settings", "settings", {"entrypoint": "/app/settings/SettingsPage.tsx"})


def _webhooks(manifest: Manifest) -> dict[str, Any]:
    """https://developers.hubspot.com/docs/apps/developer-platform/add-features/configure-webhooks"""
    events = [
        {"subscriptionType": event, "objectType": "contact", "active": True}
        for event in CONTACT_EVENTS
    ]
    address_changed = {
        "subscriptionType": "object.propertyChange",
        "objectType": "contact",
        "propertyName": "email",
        "active": True,
    }
    privacy = {"subscriptionType": "contact.privacyDeletion", "active": True}
    config = {
        "settings": {"targetUrl": f"{BASE}/hubspot/webhooks", "maxConcurrentRequests": 10},
        "subscriptions": {
            "crmObjects": [*events, address_changed],
            "legacyCrmObjects": [],
            "hubEvents": [privacy],
        },
    }
    return _part(manifest, "webhooks", "webhooks", config)


def _part(manifest: Manifest, name: str, kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    return {"uid": f"{manifest.hubspot.app.uid}_{name}", "type": kind, "config": config}


def _properties(manifest: Manifest) -> dict[str, str]:
    return {key: field.hubspot for key, field in manifest.contact.items() if field.hubspot}


def _by_language(card: Card) -> dict[str, Any]:
    parts = {"texts": card.texts, "causes": card.causes, "outcomes": card.outcomes}
    return {name: _turned(words) for name, words in (parts | {"reasons": card.reasons}).items()}


def _turned(words: Words) -> dict[str, dict[str, str]]:
    """By language and then by key, as somebody who reads one language wants them."""
    languages = next(iter(words.values()))
    return {
        language: {key: said[language] for key, said in words.items()} for language in languages
    }


def _copies() -> Iterator[tuple[str, bytes]]:
    for name in COPIED:
        source = FOLDER / COPIED_FROM / name
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            to = f"{COPIED_TO}/{path.relative_to(FOLDER / COPIED_FROM).as_posix()}"
            yield to, path.read_bytes()


def _module(**constants: Any) -> bytes:
    lines = [
        f"\nexport const {name} = {json.dumps(value, indent=2, ensure_ascii=False)} as const;"
        for name, value in constants.items()
    ]
    return "\n".join([HEAD, *lines, ""]).encode()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
