"""The five grounds on which a demand is not accepted, shown before the form with where to turn instead. [4.2]"""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.models import Booking, RefusalGround
from appointments.selectors import grounds
from tests.appointments.conftest import take
from tests.conftest import Cast
from tests.factories import make_sitting
from tests.house.source import ROOT

FIVE = ["[4.2.1]", "[4.2.2]", "[4.2.3]", "[4.2.4]", "[4.2.5]"]
GROUNDS = import_module("appointments.migrations.0002_reference_data").GROUNDS
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("[4.2]"),
    pytest.mark.clause("[4.2.1]"),
    pytest.mark.clause("[4.2.2]"),
    pytest.mark.clause("[4.2.3]"),
    pytest.mark.clause("[4.2.4]"),
    pytest.mark.clause("[4.2.5]"),
]


@pytest.fixture(autouse=True)
def as_migrated(db: None) -> None:
    """Whatever a transactional test emptied before."""
    ground = apps.get_model("appointments", "RefusalGround")
    for clause, text, turn_to in GROUNDS:
        ground.objects.get_or_create(clause=clause, defaults={"text": text, "turn_to": turn_to})


def words(text: str) -> str:
    """Without spaces and punctuation, which the notice sets in half width."""
    return re.sub(r"[\s,，、;；。:：]", "", text)


def test_grounds_are_five_in_the_order_of_the_notice() -> None:
    assert [ground.clause for ground in grounds()] == FIVE


@pytest.mark.parametrize("clause", FIVE)
def test_grounds_say_what_the_notice_says(clause: str) -> None:
    notice = (ROOT / "docs" / "notice.md").read_text(encoding="utf-8")
    sentence = next(line for line in notice.splitlines() if line.startswith(f"- **{clause}**"))
    assert words(RefusalGround.objects.get(clause=clause).text) in words(sentence)


def test_grounds_each_say_where_to_turn_instead() -> None:
    assert not RefusalGround.objects.filter(turn_to="").exists()


@pytest.fixture
def held() -> Booking:
    """A number that is held now, its form not begun."""
    return take(make_sitting(published=True), 1, now=timezone.now())


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("clause", FIVE)
def test_grounds_stand_before_the_form_with_where_to_turn(client: Client, held: Booking, clause: str) -> None:
    page = shown(client, reverse("appointments:step", args=[held.ticket_secret, "grounds"]))
    ground = RefusalGround.objects.get(clause=clause)
    assert ground.text in page
    assert ground.turn_to in page


def test_grounds_are_the_first_step_of_the_form(client: Client, held: Booking) -> None:
    response = client.post(reverse("appointments:step", args=[held.ticket_secret, "grounds"]))
    assert response.url == reverse("appointments:step", args=[held.ticket_secret, "demand"])


def test_grounds_keep_their_text_whoever_edits_where_to_turn(client: Client, cast: Cast) -> None:
    ground = RefusalGround.objects.get(clause="[4.2.2]")
    client.force_login(cast.bureau_supervisor)
    page = reverse("console:appointments_refusalground_change", args=[ground.pk])
    client.post(page, {"text": "任意", "clause": "任意", "turn_to": "可向市司法局申请调解。"})
    after = RefusalGround.objects.get(pk=ground.pk)
    assert (after.clause, after.text, after.turn_to) == (ground.clause, ground.text, "可向市司法局申请调解。")
