"""The administrators' pages: signing in, accounts, invitations, API keys, the audit log."""

from plugin.access.web import (
    account,
    administrators,
    api_keys,
    audit_log,
    blueprint,
    passkeys,
    sign_in,
    welcome,
)

__all__ = [
    "account",
    "administrators",
    "api_keys",
    "audit_log",
    "blueprint",
    "passkeys",
    "sign_in",
    "welcome",
]
