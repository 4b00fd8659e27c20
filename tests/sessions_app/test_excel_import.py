"""A schedule handed in as a workbook: every fault of every row is told, and nothing is half imported."""

from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from core.errors import Refused
from core.models import AuditEntry
from sessions_app import services_import
from sessions_app.excel import HEADINGS
from sessions_app.excel_reading import RawRow, read_workbook
from sessions_app.excel_rows import parse_rows
from sessions_app.models import Session, Sitting
from sessions_app.services_import import Review, Verdict, import_schedule, review_schedule
from tests.conftest import Cast
from tests.factories import make_sitting, moment
from tests.sessions_app.sheets import GOOD, cells_of, row, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.1]")]
TODAY = date(2026, 11, 2)


def judged(*lines: dict[str, Any]) -> tuple[list[str], Review]:
    """The faults of a file with these rows, and the review of what could be read."""
    parsed = parse_rows(read_workbook(workbook(*lines)))
    review = review_schedule(parsed.plans, TODAY)
    return [str(problem) for problem in sorted([*parsed.problems, *review.problems])], review


def imported(cast: Cast, *lines: dict[str, Any]) -> Review:
    parsed = parse_rows(read_workbook(workbook(*lines)))
    assert not parsed.problems
    basis = review_schedule(parsed.plans, TODAY).basis
    return import_schedule(plans=parsed.plans, basis=basis, actor=cast.bureau_staff)


def test_import_schedule_of_a_good_row_makes_the_whole_sitting(cast: Cast) -> None:
    imported(cast, GOOD)
    sitting = Sitting.objects.get()
    session = sitting.sessions.get()
    assert (sitting.title, sitting.day, session.kind) == ("2026年第1期", date(2026, 12, 15), "main")
    assert (session.starts_at, session.ends_at) == (moment("2026-12-15 09:00"), moment("2026-12-15 12:00"))
    assert (session.theme, session.liaison, session.liaison_phone) == ("惠企政策兑现", "王五", "0871-68690000")
    assert session.place.startswith("安宁市政务服务中心党建书屋开放式专窗")
    assert list(session.chairs.values_list("department__name", "is_lead", "leader_name", "leader_title")) == [
        ("市税务局", True, "张三", "局长"),
        ("市统计局", False, "李四", "局长"),
        ("市发改局", False, "", ""),
    ]


def test_import_schedule_leaves_one_audit_row_with_its_counts(cast: Cast) -> None:
    imported(cast, GOOD)
    entry = AuditEntry.objects.get(action="import_schedule")
    assert (entry.user, entry.subject, entry.after) == (cast.bureau_staff, "schedule:2026", "新增 1，修改 0，无变化 0")


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 15),
        datetime(2026, 12, 15),
        "2026-12-15",
        "2026/12/15",
        "2026.12.15",
        "2026年12月15日",
        "２０２６年１２月１５日",
        " 2026 年 12 月 15 日 ",
        46371,
        "46371",
    ],
    ids=str,
)
def test_parse_rows_reads_a_day_as_people_write_it(day: Any) -> None:
    problems, review = judged(row(坐诊日期=day))
    assert (problems, [item.plan.day for item in review.items]) == ([], [date(2026, 12, 15)])


@pytest.mark.parametrize(
    "hours",
    [
        "09:00-12:00",
        "9:00-12:00",
        "９：００－１２：００",
        "09:00—12:00",
        "9:00 ～ 12:00",
        "9:00至12:00",
        "9点-12点",
        "9时00分到12时",
    ],
)
def test_parse_rows_reads_hours_as_people_write_them(hours: str) -> None:
    problems, review = judged(row(起止时间=hours))
    session = review.items[0].plan.sessions[0]
    assert problems == []
    assert (session.starts_at, session.ends_at) == (moment("2026-12-15 09:00"), moment("2026-12-15 12:00"))


@pytest.mark.parametrize("number", ["2026年第1期", "第1期", "1", 1, 1.0, "第１期", "2026 第 1 期"], ids=str)
def test_parse_rows_reads_a_number_as_people_write_it(number: Any) -> None:
    problems, review = judged(row(期次=number))
    assert (problems, review.items[0].plan.title) == ([], "2026年第1期")


@pytest.mark.parametrize(
    ("leaders", "expected"),
    [
        ("张三 局长", ("张三", "局长")),
        ("张三　局长", ("张三", "局长")),
        ("张 三 局长", ("张三", "局长")),
        ("市税务局:张三 党委书记、局长", ("张三", "党委书记、局长")),
        ("张三", ("张三", "")),
    ],
)
def test_parse_rows_reads_a_lone_leader_as_the_lead_departments(leaders: str, expected: tuple[str, str]) -> None:
    problems, review = judged(row(联合坐诊部门="", 主要负责同志姓名职务=leaders))
    chair = review.items[0].plan.sessions[0].chairs[0]
    assert (problems, (chair.leader_name, chair.leader_title)) == ([], expected)


@pytest.mark.parametrize(
    ("cell", "contact"),
    [
        ("王五 0871-68690000", ("王五", "0871-68690000")),
        ("王五：13888888888", ("王五", "13888888888")),
        ("王五", ("王五", "")),
        ("0871-68690000转801", ("", "0871-68690000转801")),
        ("", ("", "")),
    ],
)
def test_parse_rows_parts_the_liaison_from_the_phone(cell: str, contact: tuple[str, str]) -> None:
    problems, review = judged(row(联络员及电话=cell))
    session = review.items[0].plan.sessions[0]
    assert (problems, (session.liaison, session.liaison_phone)) == ([], contact)


def test_read_workbook_takes_columns_in_any_order_and_ignores_others() -> None:
    headings = [*reversed(HEADINGS), "经办人"]
    rows = read_workbook(workbook(row(经办人="赵六"), headings=headings))
    assert rows == [RawRow(2, tuple(cells_of(GOOD)))]


FAULTS = [
    ({"牵头部门": "市魔法局"}, "没有这个部门：市魔法局。请使用“填写说明”中列出的名称。"),
    ({"牵头部门": "市税务局、市统计局"}, "牵头部门只能有一个，其余请填入“联合坐诊部门”。"),
    ({"联合坐诊部门": "市税务局"}, "牵头部门和联合坐诊部门有重复。"),
    ({"主要负责同志姓名职务": "市投促局：钱七 局长"}, "主要负责同志所在部门未列入本场坐诊：市投促局。"),
    ({"主要负责同志姓名职务": "市税务局："}, "“市税务局”后缺少主要负责同志姓名。"),
    ({"牵头部门": "", "主要负责同志姓名职务": "张三 局长"}, "请写明主要负责同志所在部门，或填写牵头部门。"),
    ({"主要负责同志姓名职务": "张三 局长；李四 局长"}, "同一部门只填写一位主要负责同志：市税务局。"),
    ({"坐诊日期": "2026-02-30"}, "坐诊日期无法识别，请写成 2027-01-12。"),
    ({"坐诊日期": "下周二"}, "坐诊日期无法识别，请写成 2027-01-12。"),
    ({"坐诊日期": ""}, "坐诊日期无法识别，请写成 2027-01-12。"),
    ({"坐诊日期": "2026-10-01"}, "2026年10月1日（周四）不是工作日，请改到工作日。"),
    ({"坐诊日期": "2026-12-19"}, "2026年12月19日（周六）不是工作日，请改到工作日。"),
    ({"起止时间": "上午九点"}, "起止时间无法识别，请写成 09:00-12:00。"),
    ({"起止时间": "09:00-25:00"}, "起止时间无法识别，请写成 09:00-12:00。"),
    ({"起止时间": "12:00-09:00"}, "结束时间应晚于开始时间。"),
    ({"起止时间": "09:00-09:00"}, "结束时间应晚于开始时间。"),
    ({"上/下午": "下午"}, "上/下午与起止时间不一致。"),
    ({"上/下午": "晚上"}, "上/下午应为上午、下午或全天。"),
    ({"类型": "义诊"}, "类型应为主场、专场或加诊。"),
    ({"类型": "专场"}, "2026年第1期没有主场，每期至少一场主场。"),
    ({"期次": "一"}, "期次应写成“2027年第1期”或 1 至 99 的数字。"),
    ({"期次": 0}, "期次应写成“2027年第1期”或 1 至 99 的数字。"),
    ({"期次": "2025年第1期"}, "期次的年度与坐诊日期不一致。"),
    ({"地点": "大" * 121}, "“地点”超过 120 字，请精简。"),
    ({"主题/职责范围": "惠" * 201}, "“主题/职责范围”超过 200 字，请精简。"),
    ({"备注": "备" * 201}, "“备注”超过 200 字，请精简。"),
    ({"备注": "备" * 501}, "“备注”超过 500 字，请精简。"),
    ({"联络员及电话": "王" * 51}, "“联络员”超过 50 字，请精简。"),
    ({"联络员及电话": "1" * 31}, "“联络电话”超过 30 字，请精简。"),
    ({"联络员及电话": " 1" * 60}, "“联络员及电话”超过 90 字，请精简。"),
    ({"主要负责同志姓名职务": "张" * 51}, "“主要负责同志姓名”超过 50 字，请精简。"),
    ({"坐诊日期": "=TODAY()"}, "“坐诊日期”是公式，请改为直接填写内容。"),
    ({"备注": "=HYPERLINK(1)"}, "“备注”是公式，请改为直接填写内容。"),
    ({"备注": "#REF!"}, "“备注”是错误值，请改为直接填写内容。"),
]


@pytest.mark.parametrize(("cells", "reason"), FAULTS, ids=[reason for _cells, reason in FAULTS])
def test_import_of_a_faulty_row_names_the_row_and_the_reason(cells: dict[str, Any], reason: str) -> None:
    problems, _review = judged(row(**cells))
    assert f"第 2 行：{reason}" in problems


@pytest.mark.clause("[3.2]")
def test_import_names_every_row_and_reason_at_once() -> None:
    problems, _review = judged(
        row(牵头部门="市魔法局", 起止时间="?"),
        row(期次="2026年第2期", 坐诊日期="2026-10-01"),
        row(期次="2026年第3期", 坐诊日期="2026-12-22"),
        row(期次="2026年第4期", 坐诊日期="2026-12-22"),
    )
    assert problems == [
        "第 2 行：没有这个部门：市魔法局。请使用“填写说明”中列出的名称。",
        "第 2 行：起止时间无法识别，请写成 09:00-12:00。",
        "第 3 行：2026年10月1日（周四）不是工作日，请改到工作日。",
        "第 5 行：2026年12月22日（周二）与2026年第3期是同一天，请另选一天。",
    ]


@pytest.mark.clause("[3.2]")
def test_import_on_the_day_of_another_sitting_is_refused() -> None:
    make_sitting(date(2026, 12, 15), number=9)
    assert judged(GOOD)[0] == ["第 2 行：2026年12月15日（周二）已安排另一期坐诊，请另选一天。"]


@pytest.mark.clause("[3.2]")
def test_import_on_a_day_that_another_row_leaves_is_imported(cast: Cast) -> None:
    """Two sittings that change places."""
    make_sitting(date(2026, 12, 15), number=1)
    make_sitting(date(2026, 12, 22), number=2)
    review = imported(cast, row(坐诊日期="2026-12-22"), row(期次="2026年第2期"))
    assert review.count(Verdict.CHANGED) == 2
    assert dict(Sitting.objects.values_list("number", "day")) == {1: date(2026, 12, 22), 2: date(2026, 12, 15)}


def test_import_of_one_number_for_two_fortnights_is_refused() -> None:
    problems, _review = judged(GOOD, row(坐诊日期="2026-12-29"))
    assert problems == ["第 3 行：2026年第1期重复：与该期首场相隔两周以上，请核对期次或日期。"]


def test_import_of_the_same_row_twice_is_refused() -> None:
    assert judged(GOOD, GOOD)[0] == ["第 3 行：与第 2 行完全相同，请删除重复的一行。"]


def test_import_of_an_unknown_department_on_one_row_does_not_accuse_its_sitting() -> None:
    """The other rows of a sitting with a faulty row are not judged: its main session may be the faulty one."""
    problems, _review = judged(row(牵头部门="市魔法局"), row(类型="专场", 起止时间="14:00-17:00", **{"上/下午": ""}))
    assert len(problems) == 1


@pytest.mark.clause("[3.2]")
def test_import_of_a_published_sitting_that_differs_is_refused_and_names_the_buttons() -> None:
    make_sitting(date(2026, 12, 15), published=True)
    (problem,), _review = judged(GOOD)
    assert "已发布公告" in problem
    assert "“调整日期”“取消坐诊”“增加场次”" in problem


def test_import_of_a_sitting_called_off_that_differs_is_refused() -> None:
    make_sitting(date(2026, 12, 15), cancelled=True)
    assert judged(GOOD)[0] == ["第 2 行：2026年第1期已取消，不能通过导入恢复。请从文件中删除该期。"]


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize(("special", "warned"), [(1, True), (2, False), (3, False), (4, True)])
def test_import_with_odd_special_sessions_warns_and_is_not_refused(special: int, warned: bool) -> None:
    hours = ["14:00-17:00", "14:30-17:30", "15:00-18:00", "15:30-18:30"]
    extra = [row(类型="专场", 起止时间=span, **{"上/下午": "下午"}) for span in hours[:special]]
    problems, review = judged(GOOD, *extra)
    assert problems == []
    assert any("专场" in warning for warning in review.warnings) is warned


@pytest.mark.clause("[3.6]")
def test_import_warns_of_what_will_stand_against_publishing() -> None:
    _problems, review = judged(row(主要负责同志姓名职务="", 起止时间="09:00-10:00", 坐诊日期="2026-11-03"))
    said = "".join(review.warnings)
    assert "尚未明确牵头部门的主要负责同志" in said
    assert "不足 3 小时" in said
    assert "距坐诊不足 7 天" in said


@time_machine.travel(moment("2026-11-02 10:00"), tick=False)
def test_import_of_a_changed_planned_sitting_changes_only_what_differs(cast: Cast) -> None:
    imported(cast, GOOD, row(类型="专场", 起止时间="14:00-17:00", **{"上/下午": "下午"}))
    before = {session.kind: session.pk for session in Session.objects.all()}
    review = imported(
        cast,
        GOOD,
        row(类型="专场", 起止时间="14:30-17:30", **{"上/下午": "下午"}),
        row(类型="加诊", 坐诊日期="2026-12-16"),
    )
    after = {session.kind: session.pk for session in Session.objects.all()}
    assert [item.verdict for item in review.items] == [Verdict.CHANGED]
    assert {kind: after[kind] for kind in before} == before
    assert Session.objects.get(kind="special").starts_at == moment("2026-12-15 14:30")
    assert (Session.history.filter(id=before["main"]).count(), len(after)) == (1, 3)


def test_import_without_a_session_takes_it_off_the_planned_sitting(cast: Cast) -> None:
    imported(cast, GOOD, row(类型="专场", 起止时间="14:00-17:00", **{"上/下午": "下午"}))
    imported(cast, GOOD)
    assert list(Session.objects.values_list("kind", flat=True)) == ["main"]


@pytest.mark.clause("[3.2]")
@time_machine.travel(moment("2026-11-02 10:00"), tick=False)
def test_import_on_another_day_takes_the_default_publication_with_it(cast: Cast) -> None:
    imported(cast, GOOD)
    imported(cast, row(坐诊日期="2026-12-22"))
    sitting = Sitting.objects.get()
    assert (sitting.day, sitting.publish_at) == (date(2026, 12, 22), moment("2026-12-11 08:30"))


def test_import_keeps_the_remarks_of_any_row(cast: Cast) -> None:
    imported(cast, GOOD, row(类型="专场", 起止时间="14:00-17:00", 备注="与园区联合", **{"上/下午": "下午"}))
    assert Sitting.objects.get().remarks == "与园区联合"


def test_import_schedule_with_a_fault_writes_nothing(cast: Cast) -> None:
    parsed = parse_rows(read_workbook(workbook(GOOD, row(期次="2026年第2期", 坐诊日期="2026-10-01"))))
    basis = review_schedule(parsed.plans, TODAY).basis
    with pytest.raises(Refused) as caught:
        import_schedule(plans=parsed.plans, basis=basis, actor=cast.bureau_staff)
    assert caught.value.code == "bad_rows"
    assert not Sitting.objects.exists()


def test_import_schedule_failing_at_the_last_sitting_writes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = parse_rows(read_workbook(workbook(GOOD, row(期次="2026年第2期", 坐诊日期="2026-12-29"))))
    basis = review_schedule(parsed.plans, TODAY).basis
    plan_sitting = services_import.plan_sitting

    def fail_for_the_second(**wanted: Any) -> Sitting:
        if wanted["number"] == 2:
            raise Refused("clash", "刚刚被占用")
        return plan_sitting(**wanted)

    monkeypatch.setattr(services_import, "plan_sitting", fail_for_the_second)
    with pytest.raises(Refused):
        import_schedule(plans=parsed.plans, basis=basis, actor=cast.bureau_staff)
    assert not Sitting.objects.exists()
    assert not AuditEntry.objects.filter(action="import_schedule").exists()


def test_import_schedule_after_the_schedule_changed_is_refused(cast: Cast) -> None:
    sitting = make_sitting(date(2026, 12, 15), number=1)
    parsed = parse_rows(read_workbook(workbook(GOOD)))
    basis = review_schedule(parsed.plans, TODAY).basis
    Session.objects.filter(sitting=sitting).update(theme="另有安排")
    with pytest.raises(Refused) as caught:
        import_schedule(plans=parsed.plans, basis=basis, actor=cast.bureau_staff)
    assert caught.value.code == "schedule_changed"
    assert sitting.sessions.get().theme == "另有安排"


@pytest.mark.parametrize("who", ["window_clerk", "department_staff", "department_head", "inspector", "leader"])
def test_import_schedule_by_who_may_not_is_denied(cast: Cast, who: str) -> None:
    parsed = parse_rows(read_workbook(workbook(GOOD)))
    with pytest.raises(PermissionDenied):
        import_schedule(plans=parsed.plans, basis="", actor=cast[who])


@pytest.mark.parametrize("at", [time(9, 0), datetime(2026, 12, 15, 9, 30), True], ids=str)
def test_import_of_a_cell_of_another_kind_is_a_fault_of_its_row(at: Any) -> None:
    problems, _review = judged(row(起止时间=at))
    assert problems == ["第 2 行：起止时间无法识别，请写成 09:00-12:00。"]
