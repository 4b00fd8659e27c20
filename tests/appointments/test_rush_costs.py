"""What an answer in a rush costs, in queries, and how old a page may be that is kept for many."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import BookingStatus
from appointments.models import Booking, Enterprise
from core import moments, secrets
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import application
from tests.factories import make_sitting

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def pages_are_kept(settings: Any) -> Iterator[None]:
    """For longer than the test takes, and for nobody after it."""
    settings.PAGES_KEPT_SECONDS = 60
    moments._kept.clear()
    yield
    moments._kept.clear()


@pytest.fixture
def open_sitting(db: None) -> Sitting:
    return make_sitting(published=True)


@pytest.fixture
def taken_sitting(client: Client, open_sitting: Sitting) -> Sitting:
    """All five numbers taken through the page, and the page for the next visitor made once."""
    for serial in range(1, 7):
        press(client, open_sitting, serial)
    return open_sitting


# Savepoints included. Six rows are written: number, enterprise, booking, a history of each of the two, the trail; and
# what is searched of it, in three: the look for what was written before, the texts, their pairs.
YES_QUERIES = 19


def press(client: Client, sitting: Sitting, serial: int, **changes: str) -> Any:
    columns = {"submission": secrets.new_submission(), **vars(application(serial)), **changes}
    return client.post(reverse("appointments:take", args=[sitting.pk]), columns)


def test_press_without_a_number_left_costs_one_read(client, taken_sitting, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as captured:
        answer = press(client, taken_sitting, 7)
    assert answer.status_code == 409
    assert "FOR UPDATE" not in captured.captured_queries[0]["sql"]
    assert captured.captured_queries[0]["sql"].strip().startswith("SELECT")


def test_press_that_gets_a_number_costs_a_fixed_number_of_queries(
    client, open_sitting, django_assert_num_queries
) -> None:
    press(client, open_sitting, 1)  # reads the settings and the sitting, which are kept
    client.get(reverse("appointments:take", args=[open_sitting.pk]))
    with django_assert_num_queries(YES_QUERIES):
        answer = press(client, open_sitting, 2)
    assert answer.status_code == 302


@pytest.mark.parametrize(("name", "first"), [("portal:sitting", 6), ("appointments:take", 3)])
def test_page_of_an_open_sitting_is_made_once_for_many(
    client, open_sitting, django_assert_num_queries, name, first
) -> None:
    address = reverse(name, args=[open_sitting.pk])
    with django_assert_num_queries(first):
        client.get(address)
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200


def test_kept_page_is_made_anew_after_a_moment(client, open_sitting, settings) -> None:
    address = reverse("portal:sitting", args=[open_sitting.pk])
    before = client.get(address).content
    Slot.objects.filter(sitting=open_sitting, number=1).update(taken=True)
    assert client.get(address).content == before
    settings.PAGES_KEPT_SECONDS = 1e-9
    assert b'<span class="numeral">5</span>' in before
    assert b'data-left="5"' in before
    after = client.get(address).content
    assert b'<span class="numeral">4</span>' in after
    assert b'data-left="4"' in after


def test_announcement_and_form_are_made_once_for_all_counts_of_free_numbers(
    client, open_sitting, settings, django_assert_num_queries
) -> None:
    """The look at the sitting is a moment old at most; the page around the count is another thing, and kept."""
    addresses = [reverse(name, args=[open_sitting.pk]) for name in ("portal:sitting", "appointments:take")]
    for address in addresses:
        client.get(address)
    Slot.objects.filter(sitting=open_sitting, number__lte=2).update(taken=True)
    del moments._kept["sitting", open_sitting.pk]
    with django_assert_num_queries(1):  # the look alone
        pages = [client.get(address).content.decode() for address in addresses]
    assert 'data-left="3"' in pages[0]
    assert "还有 <b>3</b> 个号" in pages[1]
    assert "\ue000" not in "".join(pages)


def test_press_looks_at_the_numbers_whatever_the_kept_page_says(client, open_sitting) -> None:
    client.get(reverse("appointments:take", args=[open_sitting.pk]))
    Slot.objects.filter(sitting=open_sitting).update(taken=True)
    assert press(client, open_sitting, 1).status_code == 409
    Slot.objects.filter(sitting=open_sitting, number=4).update(taken=False)
    assert press(client, open_sitting, 1).status_code == 302


def test_kept_page_carries_each_visitors_own_token_and_answers(client, taken_sitting) -> None:
    answers = [
        press(client, taken_sitting, serial, company_name=f"<甲{serial}>").content.decode() for serial in (7, 8)
    ]
    assert "&lt;甲7&gt;" in answers[0]
    assert "甲7" not in answers[1]
    assert not any("\ue000" in answer for answer in answers)


def test_open_form_gives_each_visitor_another_token(client, open_sitting) -> None:
    address = reverse("appointments:take", args=[open_sitting.pk])
    pages = [client.get(address).content.decode() for _visitor in range(2)]
    assert pages[0] != pages[1]
    assert "\ue000" not in "".join(pages)


def test_same_press_again_when_full_gives_the_number_it_gave_before(client, open_sitting) -> None:
    token = secrets.new_submission()
    first = press(client, open_sitting, 1, submission=token)
    for serial in range(2, 6):
        press(client, open_sitting, serial)
    again = press(client, open_sitting, 1, submission=token)
    assert again.status_code == 302
    assert again["Location"] == first["Location"]
    assert Booking.objects.count() == Enterprise.objects.count() == 5


def test_kept_nothing_for_a_sitting_that_does_not_exist(client, db) -> None:
    assert client.get(reverse("portal:sitting", args=[987654])).status_code == 404
    assert ("sitting", 987654) not in moments._kept


def test_line_takes_a_number_of_visitors_from_one_address_an_hour(client, taken_sitting) -> None:
    answers = [press(client, taken_sitting, serial, join="waiting").status_code for serial in range(20, 42)]
    assert answers == [302] * 20 + [409] * 2
    assert Booking.objects.filter(status=BookingStatus.WAITING).count() == 20
