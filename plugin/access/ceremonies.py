"""A passkey's ceremonies as py_webauthn writes and checks them. Loaded with the first passkey that is used: the
formats of all devices are as much to load as the web framework is.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


def making(site: str, user: bytes, name: str, known: Iterable[str]) -> tuple[bytes, str]:
    """The challenge, and what the browser is asked: a new passkey, on none of the devices of *known* credentials."""
    options = webauthn.generate_registration_options(
        rp_id=site,
        rp_name="Gensvar",
        user_name=name,
        user_display_name=name,
        user_id=user,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential)) for credential in known
        ],
    )
    return options.challenge, webauthn.options_to_json(options)


def signing(site: str) -> tuple[bytes, str]:
    """The challenge, and what the browser is asked: any passkey of this site."""
    options = webauthn.generate_authentication_options(
        rp_id=site, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options.challenge, webauthn.options_to_json(options)


def proved(answer: str, challenge: bytes, site: str, origin: str) -> tuple[str, bytes, int]:
    """The new passkey's credential, public key and count of uses; raises ``ValueError``."""
    with _refusing():
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
            require_user_verification=True,
        )
    credential = bytes_to_base64url(verified.credential_id)
    return credential, verified.credential_public_key, verified.sign_count


def signed(answer: str, challenge: bytes, site: str, origin: str, key: bytes, count: int) -> int:
    """The new count of uses; raises ``ValueError``."""
    with _refusing():
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
            credential_public_key=key,
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    return verified.new_sign_count


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except WebAuthnException as error:
        raise ValueError(str(error)) from error
