"""Pairs of characters are enough to put likely departments and similar demands before a person. [3.4]"""

from datetime import timedelta

import pytest

from appointments.likeness import likeness, pairs, rank_by_remit
from appointments.models import Booking
from appointments.selectors_handling import earlier_bookings, proposed_departments, similar_bookings
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, answers, cancel, confirm, take
from tests.factories import department

pytestmark = pytest.mark.clause("[3.4]")
TAX = {
    "title": "增值税留抵退税进度慢",
    "facts": "七月提交留抵退税申请，至今没有结果。",
    "request": "请明确办结时间。",
}
POWER = {"title": "厂区用电增容", "facts": "变压器容量不足，线路走廊没有落实。", "request": "请协调走廊方案。"}


def test_pairs_part_words_and_keep_numbers_and_latin_words() -> None:
    assert pairs("用电增容，10kV 线") == {"用电", "电增", "增容", "10kv", "线"}


def test_likeness_of_the_same_of_something_and_of_nothing() -> None:
    assert likeness(pairs("留抵退税"), pairs("留抵退税")) == 1
    assert 0 < likeness(pairs("留抵退税进度"), pairs("留抵退税时间")) < 1
    assert likeness(pairs("留抵退税"), pairs("用电增容")) == likeness(set(), pairs("税")) == 0


def test_rank_by_remit_gives_a_rare_pair_more_than_a_common_one() -> None:
    remits = {1: "企业服务 营商环境", 2: "企业服务 发票管理", 3: "企业服务 用电保障"}
    assert rank_by_remit("企业服务中发票开具困难", remits)[0] == 2
    assert rank_by_remit("山水", remits) == []


@pytest.mark.django_db
def test_proposed_departments_begin_with_those_the_enterprise_named(sitting: Sitting) -> None:
    for name, remit in (
        ("市税务局", "税收征收、退税"),
        ("市统计局", "统计调查"),
        ("市工科信局", "用电保障、技术改造"),
    ):
        row = department(name)
        row.remit = remit
        row.save()
    booking = confirm(take(sitting, 1), answers=answers(departments=[department("市统计局")], **POWER))
    assert [row.name for row in proposed_departments(booking)][:2] == ["市统计局", "市工科信局"]


@pytest.mark.django_db
def test_similar_bookings_are_alike_recent_and_not_the_same_one(sitting: Sitting) -> None:
    first = confirm(take(sitting, 1), answers=answers(**TAX))
    confirm(take(sitting, 2), answers=answers(**POWER))
    own = confirm(take(sitting, 3), answers=answers(**(TAX | {"title": "留抵退税审核时间长"})))
    assert similar_bookings(own, NOW) == [first]
    assert similar_bookings(own, NOW + timedelta(days=400)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("others", [1, 3])
def test_similar_and_earlier_bookings_cost_one_query_each(
    sitting: Sitting, others: int, django_assert_num_queries: object
) -> None:
    for serial in range(others):
        confirm(take(sitting, serial + 2), answers=answers(**TAX))
    own = Booking.objects.get(pk=confirm(take(sitting, 1), answers=answers(**TAX)).pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len([row.sitting for row in similar_bookings(own, NOW)]) == others
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert earlier_bookings(own) == []


@pytest.mark.django_db
def test_earlier_bookings_are_the_same_enterprises_submitted_ones(sitting: Sitting) -> None:
    cancelled = cancel(confirm(take(sitting, 1)))
    confirm(take(sitting, 2))
    again = confirm(take(sitting, 1))
    assert earlier_bookings(again) == [cancelled]
