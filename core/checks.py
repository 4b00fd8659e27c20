"""Dangerous settings of a system that is not only on one's own machine. Each finding says how to mend it."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

KEY_CHARACTERS_MIN = 32
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver", ""}


def is_local(host: str) -> bool:
    return host.lower() in LOCAL_HOSTS or host.lower().endswith(".localhost")


def is_public() -> bool:
    """Enterprises reach it under another name than this machine's own."""
    return not is_local(urlsplit(settings.PUBLIC_BASE_URL).hostname or "")


@register(Tags.security)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [
        Error(
            f"{name} has fewer than {KEY_CHARACTERS_MIN} characters.",
            hint=f"Set {name} to the output of `openssl rand -base64 48`.",
            id=code,
        )
        for name, code in (("SECRET_KEY", "anning.E001"), ("LINK_KEY", "anning.E002"))
        if len(getattr(settings, name)) < KEY_CHARACTERS_MIN
    ]
    if settings.SECRET_KEY == settings.LINK_KEY:
        hint = "Give LINK_KEY a value of its own: SECRET_KEY may change at any time, links must not."
        found.append(Error("SECRET_KEY and LINK_KEY are the same.", hint=hint, id="anning.E003"))
    return found


@register(Tags.security)
def check_exposure(**kwargs: Any) -> Iterator[CheckMessage]:
    if settings.DEBUG and not all(is_local(host) for host in settings.ALLOWED_HOSTS):
        yield Error(
            "DEBUG is on while ALLOWED_HOSTS names hosts beyond this machine.",
            hint="Remove DEBUG from the environment; error pages would show settings and data.",
            id="anning.E004",
        )
    if is_public() and urlsplit(settings.PUBLIC_BASE_URL).scheme != "https":
        yield Error(
            "PUBLIC_BASE_URL is not https, so links and sign-ins travel readable.",
            hint="Put the system behind TLS and set PUBLIC_BASE_URL=https://… and BEHIND_TLS_PROXY=1.",
            id="anning.E005",
        )


@register(Tags.security)
def check_networks(**kwargs: Any) -> Iterator[CheckMessage]:
    for text in settings.STAFF_NETWORKS:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            yield Error(
                f"STAFF_NETWORKS holds {text!r}: {error}.",
                hint="Write each network as address/length with the host bits zero, e.g. 10.20.0.0/16,192.168.8.0/24.",
                id="anning.E006",
            )
    if settings.TRUSTED_PROXIES < 0:
        hint = "Set TRUSTED_PROXIES to the number of proxies in front of the system, 0 for none."
        yield Error("TRUSTED_PROXIES is negative.", hint=hint, id="anning.E007")


@register(Tags.security, deploy=True)
def check_messages(**kwargs: Any) -> Iterator[CheckMessage]:
    if settings.MESSAGES_TO_TERMINAL or settings.SMS_PROVIDER == "terminal":
        yield Error(
            "Messages go to the terminal: the log shows the links of enterprises, and no message reaches them.",
            hint="Remove MESSAGES_TO_TERMINAL and SMS_PROVIDER=terminal, and configure the gateways.",
            id="anning.E008",
        )


@register(Tags.security, deploy=True)
def check_production(**kwargs: Any) -> Iterator[CheckMessage]:
    """What may be meant, and mostly is not."""
    if is_public() and connection.vendor == "sqlite":
        hint = "Set DATABASE_URL=postgres://…; SQLite lets one writer in at a time."
        yield Warning("The public system runs on SQLite.", hint=hint, id="anning.W001")
    if is_public() and not settings.STAFF_HOSTS and not settings.STAFF_NETWORKS:
        hint = "Set STAFF_NETWORKS to the office's networks, or STAFF_HOSTS to a name of its own for staff."
        yield Warning("The staff console is open to every network.", hint=hint, id="anning.W002")
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXIES:
        hint = (
            "Set TRUSTED_PROXIES to the number of proxies; until then limits and the audit trail know only the proxy."
        )
        yield Warning(
            "Behind a proxy, but no proxy is trusted with the visitor's address.", hint=hint, id="anning.W003"
        )
