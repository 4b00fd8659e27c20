"""The case's own page on its closed rounds: that a rating is open, how it is reached, and what went before. [3.8]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.models import Case
from core.audit import subject_of
from notifications.models import Message
from tests.cases.conftest import close_at_once
from tests.conftest import Cast
from tests.evaluations.conftest import booking, case, cast, closed, kept_start, own_start, sitting
from tests.evaluations.rating_steps import ASKED, SILENT, UNSATISFIED, close_again, invite, next_round, rate

__all__ = ["booking", "case", "cast", "closed", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.8]")]


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(ASKED, tick=False) as traveller:
        cache.clear()
        yield traveller


def own(of: Case) -> str:
    return f"/b/{of.booking.ticket_secret}/"


def page(client: Client, of: Case, query: str = "") -> str:
    answer = client.get(own(of) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_of_an_open_case_says_nothing_of_ratings(client: Client, case: Case) -> None:
    shown = page(client, case)
    assert 'id="rating"' not in shown
    assert 'id="former"' not in shown


def test_before_the_sweep_says_that_the_link_comes(client: Client, closed: Case) -> None:
    assert "评价链接即将发出" in page(client, closed)


def test_says_until_when_and_where_the_link_went_and_never_shows_it(client: Client, closed: Case) -> None:
    invitation = invite(closed)
    shown = page(client, closed)
    assert "2026年12月25日（周五，含当日）前有效" in shown
    mobile = closed.booking.mobile
    assert f"{mobile[:3]}****{mobile[-4:]}" in shown
    for secret in (invitation.secret, str(invitation.link_seed), mobile):
        assert secret not in shown


def test_of_what_was_closed_at_once_is_the_same(client: Client, booking: Any, cast: Cast) -> None:
    solved = close_at_once(booking, cast.department_head)
    invite(solved)
    assert "重新发送评价链接" in page(client, solved)


def test_link_is_sent_again_by_a_press_alone(client: Client, closed: Case) -> None:
    invitation = invite(closed)
    address = f"{own(closed)}rating/"
    assert client.get(address)["Location"] == f"{own(closed)}#rating"
    assert not Message.objects.filter(kind="rating_link_again").exists()
    for _press in range(2):
        answer = client.post(address, {"round": "1"})
        assert answer["Location"] == f"{own(closed)}?sent=1#rating"
    assert Message.objects.get(kind="rating_link_again").subject == subject_of(invitation)
    assert "评价链接已重新发送到" in page(client, closed, "?sent=1")


@pytest.mark.parametrize("number", ["", "0", "2", "-1", "x", "9" * 30, "1\x00"])
def test_of_no_round_is_led_back(client: Client, closed: Case, number: str) -> None:
    invite(closed)
    assert client.post(f"{own(closed)}rating/", {"round": number})["Location"] == f"{own(closed)}#rating"
    assert not Message.objects.filter(kind="rating_link_again").exists()


def test_once_rated_says_that_and_not_how(client: Client, closed: Case) -> None:
    """The slip is shown at desks; what was said stands behind the rating's own address. [5.2]"""
    rate(invite(closed), UNSATISFIED)
    shown = page(client, closed)
    assert "已于2026年12月10日（周四）评价" in shown
    assert "重新发送评价链接" not in shown
    assert "不满意" not in shown
    assert UNSATISFIED.comment not in shown
    assert client.post(f"{own(closed)}rating/", {"round": "1"})["Location"] == f"{own(closed)}#rating"


def test_after_the_last_day_says_what_a_late_one_means(client: Client, closed: Case, clock: Any) -> None:
    invite(closed)
    clock.move_to(SILENT)
    assert "现在仍可评价，如实保存并标明“逾期评价”" in page(client, closed)


def test_former_rounds_stand_with_their_answers(client: Client, closed: Case) -> None:
    first = closed.answer
    invite(closed)
    close_again(next_round(closed), now=ASKED)
    Case.objects.filter(pk=closed.pk).update(answer="重新办结。")
    invite(closed)
    shown = page(client, closed)
    former = shown[shown.index('id="former"') :]
    assert "第 1 轮，2026年12月10日（周四）办结，已解决" in former
    assert first in former
    assert shown.count("重新发送评价链接") == 2


def test_while_it_is_handled_again_the_former_round_stands(client: Client, closed: Case) -> None:
    invite(closed)
    next_round(closed)
    Case.objects.filter(pk=closed.pk).update(status="handling", result="", answer="", closed_at=None, closed_by=None)
    assert "第 1 轮，" in page(client, closed)
    assert "评价链接已重新发送到" in page(client, closed, "?sent=1")
