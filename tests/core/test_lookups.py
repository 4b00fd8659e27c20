"""Addresses of the console's lists ask only what the lists' own filters ask."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import User

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


@pytest.mark.parametrize(
    ("who", "page", "query"),
    [
        ("department_staff", "appointments_booking", "mobile__startswith=138"),
        ("department_staff", "appointments_booking", "representative_name=x"),
        ("department_staff", "appointments_booking", "link_seed__startswith=1"),
        ("department_staff", "appointments_booking", "departments__liaison_phone__startswith=1"),
        ("auditor", "core_user", "password__startswith=pbkdf2"),
        ("bureau_staff", "notifications_message", "recipient__startswith=138"),
    ],
)
def test_hidden_columns_cannot_be_asked_for(cast, who: str, page: str, query: str) -> None:
    address = reverse(f"console:{page}_changelist")
    assert signed_in(cast[who]).get(f"{address}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["status__exact=held", "sitting__year=2026", "departments__id__exact=1", "when=ahead", "nonsense=1"]
)
def test_filters_of_the_page_work(cast, query: str) -> None:
    address = reverse("console:appointments_booking_changelist")
    assert signed_in(cast.bureau_staff).get(f"{address}?{query}", follow=True).status_code == 200
