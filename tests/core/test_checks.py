"""Dangerous settings are found, each with its remedy; a system on one's own machine is left in peace."""

from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from core import checks


def found(deploy: bool = False) -> set[str]:
    messages = [
        message for message in run_checks(include_deployment_checks=deploy) if message.id.startswith("anning.")
    ]
    assert all(message.hint for message in messages)
    return {message.id for message in messages}


def test_own_machine_is_left_in_peace(settings):
    settings.MESSAGES_TO_TERMINAL = True
    settings.DEBUG = True
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SECRET_KEY": "short"}, "anning.E001"),
        ({"LINK_KEY": "x" * 31}, "anning.E002"),
        ({"SECRET_KEY": "x" * 40, "LINK_KEY": "x" * 40}, "anning.E003"),
        ({"DEBUG": True, "ALLOWED_HOSTS": ["zuozhen.anning.gov.cn"]}, "anning.E004"),
        ({"PUBLIC_BASE_URL": "http://zuozhen.anning.gov.cn"}, "anning.E005"),
        ({"STAFF_NETWORKS": ["10.20.3.4/16"]}, "anning.E006"),
        ({"STAFF_NETWORKS": ["office"]}, "anning.E006"),
        ({"TRUSTED_PROXIES": -1}, "anning.E007"),
    ],
)
def test_danger_is_found_at_every_start(settings, changes, code):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert found() == {code}


@pytest.fixture
def production(settings, monkeypatch):
    """As it should be. The real connection stays what it is; the check only asks what kind it is."""
    settings.PUBLIC_BASE_URL = "https://zuozhen.anning.gov.cn"
    settings.STAFF_NETWORKS = ["10.20.0.0/16"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="postgresql"))
    return settings


def test_safe_production_passes_the_deployment_checks(production):
    assert found(deploy=True) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"MESSAGES_TO_TERMINAL": True}, "anning.E008"),
        ({"STAFF_NETWORKS": []}, "anning.W002"),
        ({"TRUSTED_PROXIES": 0}, "anning.W003"),
    ],
)
def test_danger_of_a_deployment_is_found(production, changes, code):
    for name, value in changes.items():
        setattr(production, name, value)
    assert found(deploy=True) == {code}


def test_public_system_on_sqlite_is_warned_of(production, monkeypatch):
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="sqlite"))
    assert found(deploy=True) == {"anning.W001"}
