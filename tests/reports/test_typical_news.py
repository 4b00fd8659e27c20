"""What comes to the case of a published typical case is told once, to who may know it and take it down. [5.4]"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.services import report_pressure
from cases.models import Case
from notifications.models import Message
from reports.models import TypicalCase
from reports.services import typical as verbs
from reports.services.typical import tell_news
from tests.conftest import Cast
from tests.evaluations.followup_steps import assign, confirm, follow, send_back, unrectified
from tests.reports.typical_start import booking, case, cast, closed, good, kept_start, own_start, sitting
from tests.reports.typical_steps import approve, bring_to, over, publish, withdraw

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[5.4]"), pytest.mark.django_db]
SUPERVISORS, INSPECTION = {"bureau_supervisor"}, {"inspector", "inspection_approver"}


@pytest.fixture
def published(good: Case, cast: Cast) -> TypicalCase:
    return bring_to("published", good, cast)


def later() -> datetime:
    return over() + timedelta(days=1)


def pressed(case: Case, cast: Cast) -> None:
    report_pressure(booking_id=case.booking_id, content="被要求改口。", contact="", now=later())


def looked_into(decide: Callable[..., Any]) -> Callable[[Case, Cast], None]:
    def act(case: Case, cast: Cast) -> None:
        row = follow(case, "inspector", cast.inspector, now=later())
        assign(row, cast.inspector, cast.inspector, now=later())
        decide(row, cast.inspector, now=later())

    return act


def told() -> set[str]:
    return set(Message.objects.filter(kind="typical_news").values_list("recipient", flat=True))


@pytest.mark.parametrize(
    ("happens", "people"),
    [(looked_into(send_back), SUPERVISORS), (looked_into(unrectified), SUPERVISORS), (pressed, INSPECTION)],
)
def test_news_are_told_once_without_what_they_are(
    published: TypicalCase, cast: Cast, happens: Callable[..., None], people: set[str]
) -> None:
    happens(published.case, cast)
    assert tell_news(later()) == 1
    assert told() == people
    message = Message.objects.filter(kind="typical_news").first()
    assert message is not None
    assert "所依据的诉求有新情况，请核对该典型案例是否仍宜公开" in message.text
    assert f"/console/reports/typicalcase/{published.pk}/change/" in message.text
    assert not any(word in message.text for word in ("评价", "压制", "报复", "回访", "重新办理"))
    assert tell_news(later() + timedelta(days=1)) == 0
    assert Message.objects.filter(kind="typical_news").count() == len(people)


@pytest.mark.clause("[5.2]")
def test_of_pressure_nobody_else_learns_on_any_page(published: TypicalCase, cast: Cast) -> None:
    pages = [f"/console/reports/typicalcase/{published.pk}/{name}/" for name in ("change", "history")]
    pages += ["/console/notifications/message/", "/console/reports/typicalcase/"]
    client = Client()
    client.force_login(cast.bureau_supervisor)

    def words() -> list[str]:
        shown = [client.get(page).content.decode().partition('id="content"')[2] for page in pages]
        return [re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="\w+"', "", page) for page in shown]

    before = words()
    pressed(published.case, cast)
    tell_news(later())
    assert words() == before


def test_what_came_between_the_check_and_the_publication_is_told(good: Case, cast: Cast) -> None:
    typical = bring_to("checked", good, cast)
    approve(typical, cast)
    pressed(good, cast)
    assert tell_news(later()) == 0, "nobody reads it yet"
    publish(typical, cast)
    assert tell_news(later()) == 1
    assert told() == INSPECTION


@pytest.mark.parametrize("status", ["draft", "checked", "approved", "withdrawn"])
def test_of_what_does_not_stand_on_the_site_nothing_is_told(good: Case, cast: Cast, status: str) -> None:
    bring_to(status, good, cast)
    looked_into(send_back)(good, cast)
    pressed(good, cast)
    assert tell_news(later()) == 0


def test_found_in_order_is_no_news(published: TypicalCase, cast: Cast) -> None:
    looked_into(confirm)(published.case, cast)
    assert tell_news(later()) == 0


def test_taken_down_meanwhile_nothing_is_told(
    published: TypicalCase, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed(published.case, cast)
    known = verbs.untold_news()
    withdraw(published, cast)
    monkeypatch.setattr(verbs, "untold_news", lambda: known)
    assert tell_news(later()) == 0


def test_a_sweep_with_nothing_new_costs_three_queries(published: TypicalCase, cast: Cast) -> None:
    pressed(published.case, cast)
    now = later()
    tell_news(now)
    with CaptureQueriesContext(connection) as queries:
        assert tell_news(now) == 0
    assert len(queries) == 3
