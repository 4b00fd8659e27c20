"""The enterprise's page of its rating: no account, no script, nothing decided but by the press. [3.8] [5.2]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from appointments.models import PressureReport
from cases.models import Case
from evaluations.models import FollowUp, Invitation, Rating
from tests.evaluations.rating_steps import (
    ASKED,
    SILENT,
    UNSATISFIED,
    close_again,
    invite,
    next_round,
    rate,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.8]"), pytest.mark.clause("[5.2]")]
SAME_START = True
PRESSED = {
    "consultation": "yes",
    "handling": "no",
    "reasons": ["late", "unsolved"],
    "comment": "一半。",
    "call_back": "on",
}


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(ASKED, tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def invitation(closed: Case) -> Invitation:
    return invite(closed)


def address(invitation: Invitation) -> str:
    return f"/r/{invitation.secret}/"


def get(client: Client, invitation: Invitation, query: str = "") -> str:
    response = client.get(address(invitation) + query)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, invitation: Invitation, **changes: Any) -> HttpResponse:
    typed = {name: value for name, value in (PRESSED | changes).items() if value is not None}
    return client.post(address(invitation), typed)


def test_opening_and_looking_decide_nothing(client: Client, invitation: Invitation) -> None:
    for query in ("", "?consultation=no", "?consultation=no&handling=no", "?done=1", "?again=1"):
        get(client, invitation, query)
    assert not Rating.objects.exists()


def test_two_questions_one_tap_each_then_the_look_and_the_press(client: Client, invitation: Invitation) -> None:
    assert "对坐诊服务满意吗" in get(client, invitation)
    second = get(client, invitation, "?consultation=yes")
    assert "对办理情况满意吗" in second
    assert '<input type="hidden" name="consultation" value="yes">' in second
    look = get(client, invitation, "?consultation=yes&handling=yes")
    assert "核对并提交" in look
    assert "不满意的原因" not in look
    assert "2026年12月25日（周五，含当日）前评价有效" in get(client, invitation)
    done = press(client, invitation, handling="yes", reasons=None, comment="", call_back=None)
    assert done["Location"] == f"{address(invitation)}?done=1"
    assert "评价已提交，谢谢您" in get(client, invitation, "?done=1")
    rating = Rating.objects.get()
    assert (rating.consultation, rating.handling, rating.reasons, rating.call_back) == (True, True, [], False)


def test_who_is_not_satisfied_may_say_why(client: Client, invitation: Invitation) -> None:
    look = get(client, invitation, "?consultation=yes&handling=no")
    for reason in ("服务态度", "答复不清", "未解决", "超时", "推诿", "其他"):
        assert reason in look
    press(client, invitation)
    said = get(client, invitation)
    for words in ("超时、未解决", "一半。", "愿意接听"):
        assert words in said
    assert FollowUp.objects.count() == 1


def test_each_answer_can_be_taken_back_before_the_press(client: Client, invitation: Invitation) -> None:
    look = get(client, invitation, "?consultation=yes&handling=no")
    assert f"{address(invitation)}?handling=no" in look
    assert "对坐诊服务满意吗" in get(client, invitation, "?handling=no")


def test_reasons_of_an_answer_that_was_taken_back_are_dropped(client: Client, invitation: Invitation) -> None:
    press(client, invitation, handling="yes")
    assert Rating.objects.get().reasons == []


@pytest.mark.parametrize("changes", [{}, {"handling": "yes", "reasons": None}])
def test_second_press_is_answered_with_what_was_said(
    client: Client, invitation: Invitation, changes: dict[str, Any]
) -> None:
    press(client, invitation)
    again = press(client, invitation, **changes)
    assert again["Location"] == f"{address(invitation)}?again=1"
    shown = get(client, invitation, "?again=1")
    assert "此前已经评价，评价不能更改" in shown
    assert "超时、未解决" in shown
    assert Rating.objects.get().handling is False


def test_rated_round_shows_what_was_said_and_takes_nothing(client: Client, invitation: Invitation) -> None:
    press(client, invitation)
    for query in ("", "?consultation=yes&handling=yes"):
        shown = get(client, invitation, query)
        assert "您的评价" in shown
        assert "<form" not in shown
    assert client.get(address(invitation)).headers["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("missing", ["consultation", "handling"])
def test_press_without_an_answer_asks_it(client: Client, invitation: Invitation, missing: str) -> None:
    answer = press(client, invitation, **{missing: None})
    assert answer.status_code == 302
    assert "满意吗" in client.get(answer["Location"]).content.decode()
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reasons": ["weather"]}, "请从列出的选项中选择"),
        ({"comment": "一" * 501}, "500"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    client: Client, invitation: Invitation, changes: dict[str, Any], sentence: str
) -> None:
    answer = press(client, invitation, **changes)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in shown
    assert str(changes.get("comment", "一半。")) in shown
    assert not Rating.objects.exists()


def test_late_is_kept_and_the_page_says_what_that_means(client: Client, invitation: Invitation, clock: Any) -> None:
    assert "评价期已过" not in get(client, invitation)
    clock.move_to(SILENT)
    asked = get(client, invitation)
    assert "评价期到2026年12月25日（周五）为止，到期未评价的按满意统计" in asked
    assert "已经印发的通报不再改动" in asked
    press(client, invitation)
    assert "逾期评价" in get(client, invitation)
    assert Rating.objects.get().is_late


def test_link_of_a_former_round_says_so_and_rates_that_round(client: Client, closed: Case) -> None:
    first = invite(closed)
    close_again(next_round(closed), now=ASKED)
    second = invite(closed)
    assert "这里评价的是第 1 轮办理" in get(client, first)
    assert "这里评价的是" not in get(client, second)
    press(client, first)
    assert list(Rating.objects.values_list("round", flat=True)) == [1]
    assert "对坐诊服务满意吗" in get(client, second)


@pytest.mark.parametrize("page", ["", "pressure/"])
def test_unknown_link_says_kindly_how_to_get_it_again(client: Client, db: None, page: str) -> None:
    answer = client.get(f"/r/{'a' * 26}/{page}")
    assert answer.status_code == 404
    assert "重新发送评价链接" in answer.content.decode()


def test_address_opens_nothing_else_and_names_nothing_else(client: Client, invitation: Invitation) -> None:
    """Who was given the link to rate sees neither the slip nor the case behind it. [3.3]"""
    booking = invitation.case.booking
    assert client.get(f"/b/{invitation.secret}/").status_code == 404
    assert client.get(f"/c/{invitation.secret}/").status_code == 404
    pages = [get(client, invitation, query) for query in ("", "?consultation=no&handling=no")]
    rate(invitation, UNSATISFIED)
    pages += [get(client, invitation), client.get(f"{address(invitation)}pressure/").content.decode()]
    for shown in pages:
        for secret in (booking.ticket_secret, booking.checkin_secret, booking.mobile):
            assert secret not in shown


def test_pressure_line_stands_on_each_page_and_reports_to_the_inspection_office(
    client: Client, invitation: Invitation
) -> None:
    line = f'href="{address(invitation)}pressure/"'
    for query in ("", "?consultation=no", "?consultation=no&handling=no"):
        assert line in get(client, invitation, query)
    press(client, invitation)
    assert line in get(client, invitation)
    answer = client.post(f"{address(invitation)}pressure/", {"content": "被要求改评价", "contact": ""})
    assert answer["Location"] == f"{address(invitation)}pressure/?done=1"
    assert "督查科已收到" in client.get(answer["Location"]).content.decode()
    assert PressureReport.objects.get().booking == invitation.case.booking
    assert client.post(f"{address(invitation)}pressure/", {"content": ""}).status_code == 422


def test_page_sets_no_cookie_and_may_not_be_found(client: Client, invitation: Invitation) -> None:
    answer = client.get(address(invitation))
    assert not answer.cookies
    assert "noindex" in answer.content.decode()


def test_costs_the_same_in_each_state(client: Client, invitation: Invitation, django_assert_num_queries: Any) -> None:
    get(client, invitation)
    with django_assert_num_queries(3):
        get(client, invitation)
    with django_assert_num_queries(2):
        get(client, invitation, "?consultation=yes&handling=yes")
    press(client, invitation)
    with django_assert_num_queries(2):
        get(client, invitation)
