"""What is found in common, how it is kept from day to day, and what enterprises hear in the end. [5.3]"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import CommonDemand
from cases.services import reopen_common, settle_common, take_out_of_common
from core import policy
from core.errors import Refused
from core.models import AuditEntry, Setting
from core.selectors import forget_settings
from notifications.models import Message
from reports import services
from reports.common_finding import candidates, demands_of, first_day
from reports.enums import FindingStatus, ProposalKind, ProposalStatus
from reports.models import CommonFinding, CommonProposal
from reports.selectors_common import seasons_of
from reports.services import finding
from reports.services.finding import find_common
from tests.conftest import Cast
from tests.factories import department
from tests.reports.alike import (
    BOILERS,
    BUSES,
    DAY,
    NOW,
    UNIT,
    case_of,
    cases_of,
    crowd,
    dismiss,
    found,
    join,
    keys,
    name,
    only_proposal,
    proposal_in,
    settle,
    take_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.3]"), pytest.mark.usefixtures("cast")]


def setting(figure: policy.Ours, value: int) -> None:
    Setting.objects.update_or_create(key=figure.key, defaults={"value": str(value)})
    forget_settings()


def test_group_is_of_several_enterprises_and_says_why() -> None:
    alike = cases_of(BOILERS[:4], day=date(2026, 2, 10))
    crowd()
    proposal = found()
    assert keys(proposal) == [case.pk for case in alike]
    assert (proposal.kind, proposal.enterprise_count, proposal.case_count) == (ProposalKind.NEW, 4, 4)
    assert {"锅炉", "年检", "检验"} & set(proposal.terms)
    assert proposal.title in {title for title, _facts in BOILERS}
    assert proposal.departments == {str(department(UNIT).pk): 4}
    assert proposal.quarters == {"2026-1": 4}
    assert all(entry.alike_percent > 0 for entry in proposal.entries.all())


def test_one_enterprise_that_asks_often_is_no_common_demand() -> None:
    for words in BOILERS[:4]:
        case_of(1, words)
    case_of(2, BOILERS[4])
    crowd()
    find_common(NOW)
    assert not CommonProposal.objects.exists()
    setting(policy.COMMON_ENTERPRISES_MIN, 2)
    assert found().enterprise_count == 2


def test_figures_of_the_bureau_are_kept_to() -> None:
    cases_of(BUSES, day=DAY - timedelta(days=800))
    crowd()
    find_common(NOW)
    assert not CommonProposal.objects.exists(), "older than what is looked through"
    setting(policy.COMMON_QUARTERS, 12)
    assert found().case_count == 3
    setting(policy.COMMON_ENTERPRISES_MIN, 4)
    find_common(NOW)
    assert CommonProposal.objects.get().status == ProposalStatus.GONE


def test_how_alike_is_a_setting() -> None:
    cases_of(BOILERS)
    crowd()
    assert found().case_count == 6
    setting(policy.COMMON_LIKENESS_PERCENT, 90)
    find_common(NOW)
    assert not CommonProposal.objects.filter(case_count=6, status=ProposalStatus.PROPOSED).exists()


def test_span_is_this_quarter_and_four_before() -> None:
    assert first_day(date(2026, 11, 26)) == date(2025, 10, 1)


@pytest.mark.parametrize("many", [1, 3])
def test_finding_reads_the_cases_in_few_queries(many: int) -> None:
    for place in range(many):
        cases_of(BOILERS, first=1 + 10 * place)
    crowd()
    first = first_day(DAY)
    with CaptureQueriesContext(connection) as asked:
        demands = demands_of(first, DAY)
        assert len(candidates(demands, first, DAY)) == 1
    # Settings are read again every few seconds.
    assert len([row for row in asked.captured_queries if "core_setting" not in row["sql"]]) == 4
    assert len(demands) == 6 * many + 12


def test_looking_again_changes_nothing_where_nothing_changed() -> None:
    cases_of(BOILERS[:3])
    crowd()
    first = found()
    find_common(NOW + timedelta(days=1))
    again = only_proposal()
    assert (again.pk, again.found_at, again.history.count()) == (first.pk, first.found_at, 1)


def test_group_grows_and_loses_with_its_cases() -> None:
    cases = cases_of(BOILERS[:4])
    crowd()
    proposal = found()
    more = case_of(5, BOILERS[4])
    type(cases[0]).objects.filter(pk=cases[0].pk).update(start=DAY - timedelta(days=900))
    find_common(NOW)
    assert keys(proposal) == [*[case.pk for case in cases[1:]], more.pk]
    assert only_proposal().pk == proposal.pk
    assert AuditEntry.objects.filter(action="propose_common").count() == 1


def test_what_is_named_is_proposed_no_more_and_new_ones_may_join(cast: Cast) -> None:
    cases_of(BOILERS[:4])
    crowd()
    item = name(found(), cast.bureau_staff)
    assert CommonProposal.objects.get().item == item
    find_common(NOW)
    assert not CommonProposal.objects.filter(status=ProposalStatus.PROPOSED).exists()
    late = case_of(5, BOILERS[4])
    joining = found()
    assert (joining.kind, joining.akin, joining.akin_count, keys(joining)) == (ProposalKind.JOIN, item, 4, [late.pk])
    join(joining, cast.bureau_staff)
    assert item.entries.count() == 5
    find_common(NOW)
    assert not CommonProposal.objects.filter(status=ProposalStatus.PROPOSED).exists()


def test_what_was_settled_and_is_asked_again_is_a_new_group_that_says_so(cast: Cast) -> None:
    cases_of(BOILERS[:3])
    crowd()
    item = name(found(), cast.bureau_staff)
    settle(item, cast.bureau_staff)
    cases_of(BOILERS[3:], first=4)
    proposal = found()
    assert (proposal.kind, proposal.akin, proposal.akin_count) == (ProposalKind.NEW, item, 3)


def test_dismissed_group_comes_back_only_when_it_has_grown_by_half(cast: Cast) -> None:
    cases_of(BOILERS[:4])
    crowd()
    dismissed = dismiss(found(), cast.bureau_staff)
    case_of(5, BOILERS[4])
    find_common(NOW)
    assert not CommonProposal.objects.filter(status=ProposalStatus.PROPOSED).exists()
    case_of(6, BOILERS[5])
    again = found()
    assert again.pk != dismissed.pk
    assert again.case_count == 6


def test_dismissing_one_group_holds_no_other_back(cast: Cast) -> None:
    cases_of(BOILERS[:4])
    crowd()
    dismiss(found(), cast.bureau_staff)
    cases_of(BUSES, first=20)
    assert found().case_count == 3


def test_part_of_a_group_may_be_named_and_the_rest_goes_its_own_way(cast: Cast) -> None:
    cases = cases_of(BOILERS[:4])
    crowd()
    item = name(found(), cast.bureau_staff, [case.pk for case in cases[:3]])
    assert {entry.case_id for entry in item.entries.all()} == {case.pk for case in cases[:3]}
    assert item.note
    assert [unit.name for unit in item.departments.all()] == [UNIT]
    assert Message.objects.filter(kind="common_opened").count() == 0, "nobody works there"
    assert AuditEntry.objects.filter(action="name_proposal").get().user == cast.bureau_staff


def test_daily_look_is_made_once_a_day_and_caught_up() -> None:
    cases_of(BOILERS[:3])
    assert services.run_findings(NOW) == 1
    assert services.run_findings(NOW + timedelta(hours=5)) == 0
    assert services.run_findings(NOW + timedelta(days=3)) == 1
    last = CommonFinding.objects.first()
    assert last is not None
    assert (last.status, last.cases_read, last.groups_found, last.asked_by) == (FindingStatus.DONE, 3, 1, None)


def test_asked_for_look_is_made_beside_the_daily_one(cast: Cast) -> None:
    services.run_findings(NOW)
    asked = services.ask_finding(actor=cast.bureau_staff, now=NOW)
    with pytest.raises(Refused, match="already_asked"):
        services.ask_finding(actor=cast.bureau_supervisor, now=NOW)
    assert services.run_findings(NOW) == 1
    asked.refresh_from_db()
    assert asked.status == FindingStatus.DONE
    assert services.ask_finding(actor=cast.bureau_staff, now=NOW)


def test_look_that_fails_says_so_and_the_next_day_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(now: Any) -> Any:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(finding, "find_common", break_down)
        assert services.run_findings(NOW) == 0
    assert CommonFinding.objects.get().status == FindingStatus.FAILED
    assert services.run_findings(NOW + timedelta(days=1)) == 1


def test_what_was_dismissed_and_taken_up_again_is_found_again_as_itself(cast: Cast) -> None:
    proposal = proposal_in("new", ProposalStatus.DISMISSED, cast)
    take_up(proposal, cast.bureau_staff)
    cases_of(BOILERS[4:], first=5)
    again = found()
    assert (again.pk, again.case_count, again.reason, again.decided_by) == (proposal.pk, 6, "", None)
    entry = AuditEntry.objects.get(action="take_up_proposal")
    assert (entry.user, entry.before, entry.reason) == (cast.bureau_staff, "dismissed", "又有企业反映。")
    with pytest.raises(Refused, match="no_reason"):
        take_up(dismiss(again, cast.bureau_staff), cast.bureau_staff, reason=" ")


def test_look_of_a_worker_that_is_gone_is_taken_up_and_given_up_in_the_end() -> None:
    services.run_findings(NOW)
    row = CommonFinding.objects.get()
    CommonFinding.objects.filter(pk=row.pk).delete()
    stuck = CommonFinding.objects.create(status=FindingStatus.WORKING, asked_at=NOW, lease_until=NOW, attempts=3)
    assert services.run_findings(NOW - timedelta(seconds=1)) == 0, "still leased"
    assert services.run_findings(NOW + timedelta(seconds=1)) == 0
    stuck.refresh_from_db()
    assert stuck.status == FindingStatus.FAILED


def test_look_of_a_worker_that_was_replaced_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was slow, not dead: another looks by now."""

    def slow(now: Any) -> tuple[int, int]:
        CommonFinding.objects.update(attempts=2)
        return 0, 0

    monkeypatch.setattr(finding, "find_common", slow)
    services.run_findings(NOW)
    assert CommonFinding.objects.get().status == FindingStatus.WORKING


def test_database_refuses_a_second_look_ahead_and_a_decision_without_its_author(cast: Cast) -> None:
    CommonFinding.objects.create(status=FindingStatus.QUEUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonFinding.objects.create(status=FindingStatus.WORKING)
    cases_of(BOILERS[:3])
    proposal = found()
    for columns in (
        {"status": "dismissed", "reason": "x"},
        {"status": "named", "decided_at": NOW, "decided_by": cast.bureau_staff},
        {"status": "dismissed", "decided_at": NOW, "decided_by": cast.bureau_staff},
        {"kind": "join"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommonProposal.objects.filter(pk=proposal.pk).update(**columns)


def test_seasons_are_quarters_of_the_year_whichever_year() -> None:
    spring, summer, autumn, winter = seasons_of({"2025-1": 2, "2026-1": 2, "2026-3": 1})
    assert (spring.count, spring.years, spring.level, spring.returns) == (4, (2025, 2026), 4, True)
    assert (summer.count, summer.level, summer.returns) == (0, 0, False)
    assert (autumn.count, autumn.level) == (1, 1)
    assert winter.years == ()


def told() -> list[Message]:
    return list(Message.objects.filter(kind="common_solved").order_by("recipient"))


def test_settled_each_enterprise_of_its_cases_is_told_once(cast: Cast) -> None:
    cases = [*cases_of(BOILERS[:3]), case_of(1, BOILERS[3]), case_of(1, BOILERS[4])]
    crowd()
    item = name(found(), cast.bureau_staff)
    assert item.entries.count() == len(cases)
    settle(item, cast.bureau_staff)
    messages = told()
    assert [message.recipient for message in messages] == ["13800000001", "13800000002", "13800000003"]
    assert cases[-1].reference in messages[0].text, "where it spoke last"
    for message in messages:
        assert "检验机构每季度驻园区集中检验。感谢" in message.text
        assert item.title in message.text
        assert "驻场协议" not in message.text, "what the departments read is not what enterprises are told"
    with pytest.raises(Refused, match="already_done"):
        settle(item, cast.bureau_supervisor)
    assert len(told()) == 3


def test_taken_up_again_and_settled_otherwise_they_are_told_anew(cast: Cast) -> None:
    cases_of(BOILERS[:3])
    crowd()
    item = name(found(), cast.bureau_staff)
    settle(item, cast.bureau_staff)
    reopen_common(item_id=item.pk, reason="仍有反映", actor=cast.bureau_staff, now=NOW)
    assert len(told()) == 3
    words = {"settlement": "另订办法。", "told": "即日起上门检验"}
    settle_common(item_id=item.pk, actor=cast.bureau_staff, now=NOW + timedelta(days=9), **words)
    assert len(told()) == 6
    assert len([message for message in told() if "即日起上门检验" in message.text]) == 3


def test_taken_out_of_it_is_not_told_and_settling_costs_the_same_for_all(cast: Cast) -> None:
    cases = cases_of(BOILERS[:4])
    crowd()
    item = name(found(), cast.bureau_staff)
    out = {"item_id": item.pk, "case_id": cases[0].pk, "reason": "另有原因"}
    take_out_of_common(actor=cast.bureau_staff, now=NOW, **out)
    with pytest.raises(Refused, match="not_told"):
        settle(item, cast.bureau_staff, told=" ")
    settle(item, cast.bureau_staff)
    assert "13800000001" not in [message.recipient for message in told()]
    assert len(told()) == 3


def test_database_refuses_a_settled_item_that_nobody_was_told_of(cast: Cast) -> None:
    columns = {"settlement": "x", "settled_at": NOW, "settled_by": cast.bureau_staff}
    with pytest.raises(IntegrityError), transaction.atomic():
        CommonDemand.objects.create(title="x", status="settled", opened_by=cast.bureau_staff, **columns)
