"""Bulletins and reports: drafted, written, approved by another, issued, frozen, corrected. [3.10]"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from core.audit import subject_of
from core.errors import Refused
from core.models import AuditEntry
from notifications.models import Message
from reports import services
from reports.content import paper_of
from reports.enums import ReportKind, ReportStatus
from reports.models import IssuedReport, Report
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.factories import moment
from tests.reports.conftest import (
    NOW,
    approve,
    bring_to,
    correct,
    drop,
    edit,
    fresh,
    issue,
    issued,
    make,
    send_back,
    written,
)

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db]
Figures = Callable[[int], None]


def text_of(report: Report, key: str) -> str:
    return next(part.text for part in paper_of(fresh(report)).parts if part.key == key)


def part_of(report: Report, key: str) -> Any:
    return next(part for part in paper_of(fresh(report)).parts if part.key == key)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_draft_says_what_the_figures_say_under_numbered_parts(figures: Figures, cast: Cast) -> None:
    paper = paper_of(make(cast))
    assert paper.title == "关于2026年第三季度“局长坐诊接诉”工作情况的通报"
    assert [part.heading for part in paper.parts] == [
        "",
        *("一、总体情况", "二、办理情况", "三、评价回访", "四、存在问题", "五、下步要求"),
    ]
    assert "本季度接诊27件" in paper.parts[1].text
    assert [table.caption for table in paper.tables] == ["各部门办理情况"]


def test_words_of_a_person_stay_when_the_figures_are_made_again(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "overall", "总体平稳。")
    figures(28)
    services.make_figures(report_id=report.pk, actor=cast.bureau_staff, now=NOW)
    assert text_of(report, "overall") == "总体平稳。"
    assert "28件" in part_of(report, "overall").fresh
    assert text_of(report, "handling") == "handling：共28件。"
    assert part_of(report, "handling").fresh == ""
    assert fresh(report).figures["tables"][0]["rows"] == [["市税务局", "28"]]


def test_emptied_part_says_again_what_the_figures_say(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "overall", "总体平稳。")
    edit(report, cast, "overall", "  ")
    assert "27件" in text_of(report, "overall")
    assert not part_of(report, "overall").is_edited


def test_two_writers_do_not_overwrite_each_other(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "overall", "先写的。", revision=0)
    with refused("changed_meanwhile"):
        edit(report, cast, "overall", "后写的。", revision=0)
    assert text_of(report, "overall") == "先写的。"


def test_approval_of_what_was_not_read_is_refused(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "overall", "改过。")
    with refused("changed_meanwhile"):
        approve(report, cast, revision=0)


@pytest.mark.parametrize("wrote", ["made", "edited"])
def test_nobody_approves_what_they_wrote(figures: Figures, cast: Cast, wrote: str) -> None:
    report = make(cast, by="bureau_supervisor" if wrote == "made" else "bureau_staff")
    if wrote == "edited":
        edit(report, cast, "next", "抓好落实。", by="bureau_supervisor")
    with pytest.raises(PermissionDenied):
        approve(report, cast)
    cast["other"] = make_person("other", cast.bureau_supervisor.membership.role, unit_of_the_cast("市政务服务局"))
    assert approve(report, cast, by="other").status == ReportStatus.APPROVED


def test_report_with_an_empty_part_is_not_approved(figures: Figures, cast: Cast) -> None:
    report = make(cast, ReportKind.IMPORTANT)
    with refused("empty_part"):
        approve(report, cast)


def test_sent_back_it_is_a_draft_again_and_its_writers_are_told_why(figures: Figures, cast: Cast) -> None:
    report = bring_to(ReportStatus.APPROVED, cast)
    assert told("report_approved") == {"bureau_staff"}
    send_back(report, cast, reason="补充联办事项。")
    found = fresh(report)
    assert (found.status, found.approved_by, found.returned_reason) == ("draft", None, "补充联办事项。")
    assert told("report_sent_back") == {"bureau_staff"}
    assert "补充联办事项。" in Message.objects.get(kind="report_sent_back").text
    approve(report, cast)
    assert fresh(report).returned_reason == ""


@pytest.mark.parametrize(
    ("kind", "departments"), [(ReportKind.BULLETIN, True), (ReportKind.IMPORTANT, False), (ReportKind.SPECIAL, False)]
)
def test_issue_tells_who_may_read_it(figures: Figures, cast: Cast, kind: str, departments: bool) -> None:
    issued(cast, kind)
    units = {"department_staff", "other_department_staff", "department_head"}
    everybody = {"bureau_staff", "bureau_supervisor", "inspector", "inspection_approver", "leader"}
    assert told("report_issued") == (everybody | units if departments else everybody)


def test_issued_report_stays_when_data_change(figures: Figures, cast: Cast) -> None:
    report = issued(cast)
    before = paper_of(report)
    figures(99)
    with refused("not_a_draft"):
        services.make_figures(report_id=report.pk, actor=cast.bureau_staff, now=NOW)
    assert paper_of(fresh(report)) == before
    assert "27件" in before.parts[1].text
    assert (before.mark, before.day) == ("", "2026年10月12日")
    assert len(before.cases) == 3


def test_database_refuses_to_change_or_remove_what_was_issued(figures: Figures, cast: Cast) -> None:
    report = issued(cast)
    changes: list[Callable[[], Any]] = [
        lambda: IssuedReport.objects.update(title="改"),
        lambda: IssuedReport.objects.all()._raw_delete("default"),
        lambda: Report.objects.filter(pk=report.pk).update(title="改"),
        lambda: Report.objects.filter(pk=report.pk)._raw_delete("default"),
        lambda: Report.objects.filter(pk=report.pk).update(cases=[]),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match=r"append-only|does not change"), transaction.atomic():
            change()


def test_database_lets_a_draft_change(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    assert Report.objects.filter(pk=report.pk).update(title="改") == 1


def test_correction_is_a_new_version_that_says_what_and_why(figures: Figures, cast: Cast) -> None:
    first = issued(cast)
    second = correct(first, cast, why="接诊数有误。")
    assert (second.version, second.corrects_id, second.why, second.status) == (2, first.pk, "接诊数有误。", "draft")
    assert paper_of(second).cases == paper_of(first).cases
    figures(26)
    services.make_figures(report_id=second.pk, actor=cast.bureau_staff, now=NOW)
    approve(second, cast)
    issue(second, cast)
    assert "26件" in text_of(second, "overall")
    assert "27件" in text_of(first, "overall")
    (message,) = Message.objects.filter(kind="report_issued", recipient="leader", subject=subject_of(second))
    assert "接诊数有误。" in message.text


def test_correction_keeps_a_persons_words_as_theirs(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "next", "抓好落实。")
    approve(report, cast)
    issue(report, cast)
    second = correct(report, cast)
    figures(26)
    services.make_figures(report_id=second.pk, actor=cast.bureau_staff, now=NOW)
    assert text_of(second, "next") == "抓好落实。"
    assert "26件" in text_of(second, "overall")


def test_report_is_corrected_once_and_again_when_the_correction_was_dropped(figures: Figures, cast: Cast) -> None:
    first = issued(cast)
    second = correct(first, cast)
    with refused("already_corrected"):
        correct(first, cast)
    drop(second, cast)
    assert correct(first, cast).version == 2


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"year": None, "quarter": None}, "no_quarter"),
        ({"year": 2027, "quarter": 1}, "quarter_to_come"),
        ({"kind": ReportKind.SPECIAL, "title": "  "}, "no_title"),
        ({"kind": ReportKind.SPECIAL, "title": "长" * 81}, "too_long"),
    ],
)
def test_make_refuses(figures: Figures, cast: Cast, wanted: dict[str, Any], code: str) -> None:
    with refused(code):
        make(cast, **wanted)


def test_second_bulletin_of_a_quarter_is_refused_until_the_first_is_dropped(figures: Figures, cast: Cast) -> None:
    first = make(cast)
    with refused("already_made"):
        make(cast)
    drop(first, cast)
    assert make(cast).version == 1


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (lambda report, cast: edit(report, cast, "nowhere", "字"), "gone"),
        (lambda report, cast: edit(report, cast, "overall", "长" * 8001), "too_long"),
        (lambda report, cast: send_back(report, cast, reason=" "), "no_reason"),
        (lambda report, cast: correct(report, cast, why=" "), "no_reason"),
        (lambda report, cast: correct(report, cast), "not_issued"),
        (lambda report, cast: issue(report, cast, number=" "), "no_number"),
    ],
)
def test_verbs_refuse(figures: Figures, cast: Cast, verb: Any, code: str) -> None:
    report = make(cast)
    with refused(code):
        verb(report, cast)


@pytest.mark.parametrize(("columns", "code"), [({"title": " "}, "no_title"), ({"addressee": "："}, "no_addressee")])
def test_head_refuses(figures: Figures, cast: Cast, columns: dict[str, str], code: str) -> None:
    report = make(cast)
    whole = {"title": "标题", "number": "", "addressee": "各单位"} | columns
    with refused(code):
        services.edit_head(report_id=report.pk, revision=0, actor=cast.bureau_staff, now=NOW, **whole)


def test_number_is_written_as_documents_have_it(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    whole = {"title": "标题", "number": "安政务（2026）012号", "addressee": "各单位："}
    services.edit_head(report_id=report.pk, revision=0, actor=cast.bureau_staff, now=NOW, **whole)
    assert (fresh(report).number, fresh(report).addressee) == ("安政务〔2026〕12号", "各单位")


def test_figures_of_a_report_without_a_quarter_are_refused(figures: Figures, cast: Cast) -> None:
    report = make(cast, ReportKind.SPECIAL)
    with refused("no_quarter"):
        services.make_figures(report_id=report.pk, actor=cast.bureau_staff, now=NOW)


def test_bulletin_is_not_issued_before_its_quarter_is_over(figures: Figures, cast: Cast) -> None:
    early = moment("2026-09-30 17:00")
    report = make(cast, now=early)
    approve(report, cast)
    with refused("quarter_not_over"):
        issue(report, cast, now=early)
    assert not IssuedReport.objects.exists()
    assert issue(report, cast, now=moment("2026-10-01 09:00")).status == ReportStatus.ISSUED


def test_number_that_was_given_after_the_approval_is_the_issued_one(figures: Figures, cast: Cast) -> None:
    report = make(cast)
    approve(report, cast)
    issue(report, cast, number="安政务（2027） 07号")
    assert IssuedReport.objects.get().number == fresh(report).number == "安政务〔2027〕7号"


def test_every_step_stands_in_the_audit_trail(figures: Figures, cast: Cast) -> None:
    report = written(make(cast), cast)
    edit(report, cast, "overall", "改")
    approve(report, cast)
    issue(report, cast)
    correct(report, cast)
    steps = AuditEntry.objects.filter(subject__startswith="reports.report:").order_by("pk")
    assert list(steps.values_list("action", flat=True)) == [
        "make_report",
        "edit_report",
        "approve_report",
        "issue_report",
        "correct_report",
    ]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"quarter": 5}, "bulletin_has_a_quarter"),
        ({"year": None, "quarter": None}, "bulletin_has_a_quarter"),
        ({"version": 2}, "later_version_corrects_and_says_why"),
        ({"status": "issued"}, "report_status_agrees_with_its_dates"),
        ({"status": "approved", "approved_at": NOW, "own": True}, "report_is_approved_by_another"),
        ({"issued_at": NOW}, "issued_report_says_by_whom|report_status_agrees"),
    ],
)
def test_database_refuses_what_no_verb_writes(
    figures: Figures, cast: Cast, columns: dict[str, Any], name: str
) -> None:
    report = make(cast)
    if columns.pop("own", False):
        columns["approved_by"] = cast.bureau_staff
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**columns)


def test_database_refuses_a_second_bulletin_and_a_second_correction(figures: Figures, cast: Cast) -> None:
    first = issued(cast)
    same = {"kind": "bulletin", "year": 2026, "quarter": 3, "title": "x", "addressee": "y", "made_by": cast.leader}
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(status="draft", **same)
    correct(first, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(status="draft", version=3, corrects=first, why="z", **same)
