"""The secrets in enterprises' links: derived from a server key when needed, and only their hash at rest.

A stolen database shows no link. A retry or a message sent later finds the same link again without storing it.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing

TICKET, CHECKIN, QUESTION, RATING = "ticket", "checkin", "question", "rating"
SECRET_PATTERN = "[a-z2-7]{26}"  # noqa: S105 - the shape of secrets, not one
SUBMISSION_MAX_AGE = timedelta(days=2)
_signer = signing.TimestampSigner(salt="submission")
_device_signer = signing.TimestampSigner(salt="device")


def derive(purpose: str, seed: str) -> str:
    """26 characters, 130 bits, from the link key: unguessable without it, the same every time with it."""
    mac = hmac.new(settings.LINK_KEY.encode(), f"{purpose}:{seed}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode()[:26].lower()


def digest(secret: str) -> str:
    """What is stored and looked up. A plain hash is enough for 130 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_submission() -> str:
    """A token for one submission of a form. Signed, so that nobody can choose another's."""
    return _signer.sign(secrets.token_urlsafe(18))


def submission_or_new(token: str) -> str:
    """The form's own token, or a new one in place of a missing, made-up or outdated one."""
    try:
        _signer.unsign(token, max_age=SUBMISSION_MAX_AGE)
    except signing.BadSignature:
        return new_submission()
    return token


def one_time_code(seed: str) -> str:
    """Six digits, the same every time for a seed: what a text message tells, and what is typed."""
    mac = hmac.new(settings.LINK_KEY.encode(), f"code:{seed}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"


def same(typed: str, expected: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(typed.encode(), expected.encode())


def device_proof(mobile: str) -> str:
    """What a device keeps to show that this mobile was verified on it."""
    return _device_signer.sign(derive("device", mobile))


def proves(token: str, mobile: str, max_age: timedelta) -> bool:
    try:
        return same(_device_signer.unsign(token, max_age=max_age), derive("device", mobile))
    except signing.BadSignature:
        return False


def new_seed() -> str:
    """Random, for a key that lives as long as its row."""
    return secrets.token_urlsafe(32)


def draft_key(seed: str) -> str:
    """256 bits in base64, for what a device encrypts: not to be had from the table alone, nor without its row."""
    mac = hmac.new(settings.LINK_KEY.encode(), f"draft:{seed}".encode(), hashlib.sha256).digest()
    return base64.b64encode(mac).decode()


def new_secret() -> str:
    """A random one of the same shape, for what is shown once and kept as its digest alone."""
    return base64.b32encode(secrets.token_bytes(17)).decode()[:26].lower()
