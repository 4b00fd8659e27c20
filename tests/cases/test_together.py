"""Linked, merged and common demands: what each does, what it leaves alone, and what is refused. [3.7] [5.3]"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appointments.models import Booking
from cases import services
from cases.models import Case, CaseLink, CommonDemand, MergedCase, Merger
from cases.selectors_together import candidates_for, common_of, links_of, merger_of
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, User
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from tests.appointments.conftest import accept, answers, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    close_at_once,
    hand_over,
)
from tests.conftest import Cast
from tests.factories import department, make_sitting, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
Open = Callable[..., Case]


@pytest.fixture
def open_case(sitting: Any, cast: Cast) -> Open:
    """A case handed over, of the enterprise with that serial."""

    def open_one(serial: int, *, lead: str = LEAD, assisting: tuple[str, ...] = (), **changed: Any) -> Case:
        booking = confirm(take(sitting, serial), answers=answers(**changed))
        accept(booking, cast.bureau_staff, lead=lead)
        return hand_over(booking, cast.bureau_staff, lead=lead, assisting=assisting)

    return open_one


def link(first: Case, second: Case, actor: User) -> CaseLink:
    (made,) = services.link_cases(case_id=first.pk, other_ids=[second.pk], reason="同一项目", actor=actor, now=SEEN)
    return made


def seen_by(viewer: User) -> Any:
    return Case.objects.visible_to(viewer)


def merge(main: Case, *others: Case, actor: User) -> Merger:
    keys = [case.pk for case in others]
    return services.merge_cases(main_id=main.pk, case_ids=keys, reason="同一政策问题", actor=actor, now=SEEN)


def undo_merger(merger: Merger, actor: User) -> Merger:
    return services.undo_merger(merger_id=merger.pk, reason="情况不同", actor=actor, now=SEEN)


def owed() -> list[tuple[Any, ...]]:
    """Everything that is owed, by whom and until when, as it stands."""
    return sorted(Obligation.objects.values_list("owner", "kind", "department", "status", "due_at", "revision"))


def done_to(case: Case) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject=f"cases.case:{case.pk}").order_by("pk").values_list("action", flat=True)
    )


# Candidates


def test_candidates_are_alike_and_put_to_the_same_department(open_case: Open, cast: Cast) -> None:
    case, same = open_case(1), open_case(2)
    power = open_case(3, title="厂区用电增容", facts="变压器容量不足", request="请协调线路走廊")
    Case.objects.filter(pk=power.pk).update(points="线路走廊未落实")
    open_case(4, lead=OTHER)
    (found,) = candidates_for(case, seen_by(cast.bureau_staff))
    assert (found.case, found.repeated) == (same, False)
    assert found.percent > 50


def test_candidates_of_the_same_enterprise_come_first_whatever_the_department(open_case: Open, cast: Cast) -> None:
    case, other = open_case(1), open_case(2)
    later = make_sitting(DAY + timedelta(days=14), published=True, opens_at=moment("2026-11-27 09:00"))
    now = moment("2026-11-27 10:00")
    booking = confirm(take(later, 1, now=now), now=now, answers=answers(facts="七月申请，至今没有办结，影响采购。"))
    again = hand_over(accept(booking, cast.bureau_staff, lead=OTHER, now=now), cast.bureau_staff, lead=OTHER)
    found = candidates_for(case, seen_by(cast.bureau_staff))
    assert [(one.case, one.repeated) for one in found] == [(again, True), (other, False)]
    assert found[0].alike < found[1].alike, "what the same enterprise asked again comes before what is more alike"


def test_candidates_end_after_twelve_months(open_case: Open, cast: Cast) -> None:
    case, other = open_case(1), open_case(2)
    Case.objects.filter(pk=other.pk).update(start=DAY - timedelta(days=360))
    assert [one.case for one in candidates_for(case, seen_by(cast.bureau_staff))] == [other]
    Case.objects.filter(pk=other.pk).update(start=DAY - timedelta(days=361))
    assert candidates_for(case, seen_by(cast.bureau_staff)) == []


def test_candidates_are_those_that_one_may_see(open_case: Open, cast: Cast) -> None:
    case = open_case(1, assisting=(OTHER,))
    theirs, shared = open_case(2), open_case(3, assisting=(OTHER,))
    assert {one.case for one in candidates_for(case, seen_by(cast.bureau_staff))} == {theirs, shared}
    assert [one.case for one in candidates_for(case, seen_by(cast.other_department_staff))] == [shared]


def test_candidates_include_what_was_solved_on_the_spot(open_case: Open, booking: Booking, cast: Cast) -> None:
    solved = close_at_once(booking, cast.department_head)
    assert [one.case for one in candidates_for(open_case(2), seen_by(cast.bureau_staff))] == [solved]


def test_candidates_cost_the_same_for_one_and_three(
    open_case: Open, cast: Cast, django_assert_num_queries: Any
) -> None:
    case = open_case(1)
    for serials in ([2], [3, 4]):
        for serial in serials:
            open_case(serial)
        fresh, viewer = (
            Case.objects.select_related("booking").get(pk=case.pk),
            User.objects.get(pk=cast.bureau_staff.pk),
        )
        with django_assert_num_queries(4):
            candidates_for(fresh, seen_by(viewer))


# Links


def test_link_is_seen_from_both_ends_and_changes_no_clock(open_case: Open, cast: Cast) -> None:
    first, second = open_case(1), open_case(2)
    before = owed()
    made = link(second, first, cast.bureau_staff)
    assert (made.earlier, made.later) == (first, second)
    assert links_of(first, seen_by(cast.bureau_staff)) == links_of(second, seen_by(cast.bureau_staff)) == [made]
    assert owed() == before
    assert done_to(first)[-1] == done_to(second)[-1] == "link_cases"


@pytest.mark.parametrize("turned", [False, True])
def test_link_again_is_already_done(open_case: Open, cast: Cast, turned: bool) -> None:
    first, second = open_case(1), open_case(2)
    link(first, second, cast.bureau_staff)
    with pytest.raises(AlreadyDone):
        link(*((second, first) if turned else (first, second)), cast.bureau_staff)


def test_link_to_itself_is_refused(open_case: Open, cast: Cast) -> None:
    case = open_case(1)
    with pytest.raises(Refused, match="itself"):
        link(case, case, cast.bureau_staff)


def test_undone_link_stays_on_record_and_can_be_made_again(open_case: Open, cast: Cast) -> None:
    first, second = open_case(1), open_case(2)
    made = link(first, second, cast.bureau_staff)
    with pytest.raises(Refused, match="no_reason"):
        services.undo_link(link_id=made.pk, reason=" ", actor=cast.bureau_staff, now=SEEN)
    undone = services.undo_link(link_id=made.pk, reason="不同项目", actor=cast.bureau_supervisor, now=SEEN)
    assert (undone.status, undone.undone_by, undone.undone_reason) == ("undone", cast.bureau_supervisor, "不同项目")
    assert links_of(first, seen_by(cast.bureau_staff)) == []
    assert done_to(first)[-1] == "undo_link"
    link(first, second, cast.bureau_staff)
    assert CaseLink.objects.count() == 2


def test_department_sees_no_link_to_a_case_of_others(open_case: Open, cast: Cast) -> None:
    own, other = open_case(1), open_case(2, lead=OTHER)
    link(own, other, cast.bureau_staff)
    assert links_of(own, seen_by(cast.department_staff)) == []


# Mergers


def test_merging_and_undoing_touches_no_obligation(open_case: Open, cast: Cast) -> None:
    main, second, third = open_case(1), open_case(2), open_case(3)
    before = owed()
    merger = merge(main, second, third, actor=cast.bureau_staff)
    assert owed() == before
    assert merger_of(main) == merger_of(second) == merger_of(third) == merger
    undo_merger(merger, cast.bureau_supervisor)
    assert owed() == before
    assert merger_of(main) is None
    assert done_to(second)[-2:] == ["join_merger", "leave_merger"]


def test_merging_tells_departments_which_and_the_earliest_day(open_case: Open, cast: Cast) -> None:
    main, second = open_case(1), open_case(2, assisting=(OTHER,))
    merger = merge(main, second, actor=cast.bureau_staff)
    told = Message.objects.filter(kind="cases_merged")
    assert {message.recipient for message in told} == {"department_staff", "department_head"}
    due = due_date(DAY, 15).due
    assert all(word in told[0].text for word in (main.reference, second.reference, f"{due.month}月{due.day}日"))
    undo_merger(merger, cast.bureau_staff)
    assert Message.objects.filter(kind="cases_unmerged").count() == 2
    of_enterprises = Message.objects.exclude(channel="console").filter(kind__startswith="cases_")
    assert not of_enterprises.exists()


def test_more_can_join_by_the_main_case(open_case: Open, cast: Cast) -> None:
    main, second, third = open_case(1), open_case(2), open_case(3)
    merger = merge(main, second, actor=cast.bureau_staff)
    assert merge(main, third, actor=cast.bureau_staff) == merger
    assert merger.members.count() == 3
    assert Message.objects.filter(kind="cases_merged", recipient="department_staff").count() == 2


@pytest.mark.parametrize("as_main", [True, False])
def test_a_merged_case_joins_no_other_merger(open_case: Open, cast: Cast, as_main: bool) -> None:
    main, second, third = open_case(1), open_case(2), open_case(3)
    merge(main, second, actor=cast.bureau_staff)
    with pytest.raises(Refused, match="merged_already") as refusal:
        merge(*((second, third) if as_main else (third, second)), actor=cast.bureau_staff)
    assert second.reference in str(refusal.value.message)
    assert Merger.objects.count() == 1


def test_merging_with_itself_alone_is_refused(open_case: Open, cast: Cast) -> None:
    case = open_case(1)
    with pytest.raises(Refused, match="too_few"):
        merge(case, case, actor=cast.bureau_staff)


def test_merging_a_closed_case_is_refused(open_case: Open, booking: Booking, cast: Cast) -> None:
    solved = close_at_once(booking, cast.department_head)
    with pytest.raises(Refused, match="closed"):
        merge(open_case(2), solved, actor=cast.bureau_staff)


def test_merging_without_a_common_department_is_refused(open_case: Open, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_common_department"):
        merge(open_case(1), open_case(2, lead=OTHER), actor=cast.bureau_staff)


def test_database_refuses_a_case_in_two_mergers(open_case: Open, cast: Cast) -> None:
    main, second = open_case(1), open_case(2)
    merge(main, second, actor=cast.bureau_staff)
    other = Merger(status="standing", reason="x", made_at=SEEN, made_by=cast.bureau_staff)
    other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        MergedCase.objects.create(merger=other, case=second)


def test_database_refuses_an_undone_tie_without_its_reason(open_case: Open, cast: Cast) -> None:
    row = Merger(status="undone", reason="x", made_at=SEEN, made_by=cast.bureau_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# Common demands


def open_common(*cases: Case, actor: User, title: str = "退税办理周期长") -> CommonDemand:
    common = services.Common(title, (department(LEAD).pk,), "多家企业反映退税审核时间长。")
    return services.open_common(common=common, case_ids=[case.pk for case in cases], actor=actor, now=SEEN)


@pytest.mark.clause("[5.3]")
def test_common_demand_is_of_several_enterprises(open_case: Open, cast: Cast) -> None:
    first, second = open_case(1), open_case(2)
    before = owed()
    with pytest.raises(Refused, match="one_enterprise"):
        open_common(first, actor=cast.bureau_staff)
    item = open_common(first, second, actor=cast.bureau_staff)
    assert {entry.case for entry in item.entries.all()} == {first, second}
    assert owed() == before
    assert {message.recipient for message in Message.objects.filter(kind="common_opened")} == {
        "department_staff",
        "department_head",
    }
    assert done_to(first)[-1] == "add_to_common"


@pytest.mark.clause("[5.3]")
def test_what_all_are_told_names_none_of_them(open_case: Open, cast: Cast) -> None:
    first, second, third = open_case(1), open_case(2), open_case(3)
    title, by = f"{first.booking.company_name}退税慢", {"actor": cast.bureau_staff, "now": SEEN}
    with pytest.raises(Refused, match="names_one") as refused:
        open_common(first, second, actor=cast.bureau_staff, title=title)
    assert refused.value.field == "title"
    item = open_common(second, third, actor=cast.bureau_staff, title=title)
    with pytest.raises(Refused, match="names_one"):
        services.add_to_common(item_id=item.pk, case_ids=[first.pk], **by)
    told = f"{third.booking.company_name}已退税。"
    with pytest.raises(Refused, match="names_one") as refused:
        services.settle_common(item_id=item.pk, settlement="已解决。", told=told, **by)
    assert refused.value.field == "told"
    unnamed = services.Common(told, (department(LEAD).pk,))
    with pytest.raises(Refused, match="names_one"):
        services.change_common(item_id=item.pk, common=unnamed, **by)


def test_case_shows_one_common_demand_at_a_time(open_case: Open, cast: Cast) -> None:
    first, second, third = open_case(1), open_case(2), open_case(3)
    item = open_common(first, second, actor=cast.bureau_staff)
    with pytest.raises(Refused, match="in_another"):
        open_common(second, third, actor=cast.bureau_staff, title="另一项")
    out = {"item_id": item.pk, "case_id": second.pk, "actor": cast.bureau_staff, "now": SEEN}
    with pytest.raises(Refused, match="no_reason"):
        services.take_out_of_common(reason="", **out)
    services.take_out_of_common(reason="另有原因", **out)
    with pytest.raises(Refused, match="not_in_it"):
        services.take_out_of_common(reason="另有原因", **out)
    other = open_common(second, third, actor=cast.bureau_staff, title="另一项")
    entry = common_of(second)
    assert entry is not None
    assert entry.item == other


@pytest.mark.clause("[5.3]")
def test_settling_says_how_and_closes_no_case(open_case: Open, cast: Cast) -> None:
    first, second, third = open_case(1), open_case(2), open_case(3)
    item = open_common(first, second, actor=cast.bureau_staff)
    with pytest.raises(Refused, match="no_settlement"):
        services.settle_common(item_id=item.pk, settlement="", told="统一口径", actor=cast.bureau_staff, now=SEEN)
    settled = services.settle_common(
        item_id=item.pk, settlement="出台限时审核规定。", told="限时审核", actor=cast.bureau_staff, now=SEEN
    )
    assert (settled.status, settled.settled_by) == ("settled", cast.bureau_staff)
    assert "出台限时审核规定。" in Message.objects.filter(kind="common_settled")[0].text
    assert set(Case.objects.values_list("status", flat=True)) == {"handling"}
    with pytest.raises(Refused, match="settled"):
        services.add_to_common(item_id=item.pk, case_ids=[third.pk], actor=cast.bureau_staff, now=SEEN)
    services.reopen_common(item_id=item.pk, reason="仍有反映", actor=cast.bureau_staff, now=SEEN)
    services.add_to_common(item_id=item.pk, case_ids=[third.pk], actor=cast.bureau_staff, now=SEEN)
    with pytest.raises(Refused, match="too_few"):
        services.add_to_common(item_id=item.pk, case_ids=[third.pk], actor=cast.bureau_staff, now=SEEN)


@pytest.mark.clause("[5.3]")
def test_common_demand_needs_a_title_and_departments(open_case: Open, cast: Cast) -> None:
    cases = [open_case(1).pk, open_case(2).pk]
    untitled, unstudied = services.Common(" ", (department(LEAD).pk,)), services.Common("题", ())
    for common, code in ((untitled, "no_title"), (unstudied, "no_department")):
        with pytest.raises(Refused, match=code):
            services.open_common(common=common, case_ids=cases, actor=cast.bureau_staff, now=SEEN)


@pytest.mark.clause("[5.3]")
def test_changed_common_demand_tells_who_is_new(open_case: Open, cast: Cast) -> None:
    item = open_common(open_case(1), open_case(2), actor=cast.bureau_staff)
    common = services.Common("退税周期", (department(LEAD).pk, department(OTHER).pk))
    services.change_common(item_id=item.pk, common=common, actor=cast.bureau_staff, now=SEEN)
    told = Message.objects.filter(kind="common_opened").order_by("pk").values_list("recipient", flat=True)
    assert list(told)[2:] == ["other_department_staff"]
    assert list(CommonDemand.objects.visible_to(cast.other_department_staff)) == [item]
