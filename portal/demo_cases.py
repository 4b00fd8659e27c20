"""Cases of sittings that are over, for the demonstration, made through the same verbs as real ones. [3.6] [3.7]

Single and joint, in time and late, returned, asked for and refused, closed in every way.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from appointments import services as appointments
from appointments.models import Booking
from cases import services
from cases.enums import Outcome, Result
from cases.models import Assignment, Case
from core import audit
from core.models import User
from core.workdays import due_date, next_working_day, working_days_around
from deadlines import services as deadlines
from deadlines.models import Escalation
from departments.models import Department
from evaluations import services as evaluations
from evaluations.enums import CallOutcome, Origin, Reason
from evaluations.models import Invitation
from portal.demo_day import book_and_verify
from sessions_app.services import SessionPlan, local_moment, plan_sitting, publish_sitting

PlanOf = Callable[[date], SessionPlan]
LEAD, OTHER = "市税务局", "市统计局"
FIRST_SERIAL = 31
NOT_SATISFIED = evaluations.Opinion(
    consultation=True,
    handling=False,
    reasons=(Reason.UNSOLVED,),
    comment="口径统一了，往期多缴的部分还没有说法。",
    call_back=True,
)
# How many working days ago each sitting was, and who came to it.
SITTINGS: list[tuple[int, list[tuple[str, str, str, str]]]] = [
    (
        34,
        [
            ("安宁金方建材有限公司", "13787650031", "段勇", "跨区域涉税事项报验"),
            ("云南宁湖餐饮管理有限公司", "13787650032", "高静", "六税两费减免追溯适用"),
            ("安宁太平农业科技有限公司", "13787650033", "杨涛", "农产品抵扣凭证认定"),
        ],
    ),
    (
        22,
        [
            ("安宁螳川机械有限公司", "13787650034", "李梅", "电子税务局法定代表人变更"),
            ("云南八街食品有限公司", "13787650035", "普光", "要求减免滞纳金"),
            ("安宁禄脿矿业有限公司", "13787650036", "张伟", "资源税核定方式调整"),
            ("云南青龙新能源有限公司", "13787650037", "陈曦", "纳入规上统计与研发加计扣除衔接"),
            ("安宁县街塑业有限公司", "13787650038", "刘洋", "出口退税单证备案退回"),
        ],
    ),
    (
        12,
        [
            ("安宁草铺精细化工有限公司", "13787650039", "马超", "增值税留抵退税复核"),
            ("云南连然装备制造有限公司", "13787650040", "周敏", "固定资产加速折旧备案"),
            ("安宁温泉文旅发展有限公司", "13787650041", "李娜", "统计联网直报与税务数据不一致"),
            ("云南金方冷链物流有限公司", "13787650042", "赵磊", "车辆购置税退税"),
            ("安宁八街花卉合作社", "13787650043", "普丽", "个人所得税核定征收"),
        ],
    ),
    (
        2,
        [
            ("云南宁湖信息技术有限公司", "13787650044", "高翔", "软件产品即征即退"),
            ("安宁太平家具有限公司", "13787650045", "段红", "消防验收后房产税起算"),
            ("云南螳川环保工程有限公司", "13787650046", "杨帆", "环保税申报口径"),
            ("安宁凤城软件有限公司", "13787650047", "陈曦", "软件产品即征即退到账慢"),
        ],
    ),
]


class Past:
    """A sitting that was held, with what is done about its demands counted in working days after it."""

    def __init__(self, ago: int, companies: list[tuple[str, str, str, str]], serial: int, plan_of: PlanOf) -> None:
        self.now = timezone.now()
        today = timezone.localdate(self.now)
        self.day = working_days_around(today, [-ago])[-ago]
        names = ("bureau", "supervisor", "tax", "taxhead", "stats", "inspector")
        self.people = {name: User.objects.get(username=name) for name in names}
        self.bookings = self._hold(companies, serial, plan_of(self.day))

    def _hold(self, companies: list[tuple[str, str, str, str]], serial: int, plan: SessionPlan) -> list[Booking]:
        bureau, starts = self.people["bureau"], plan.starts_at
        sitting = plan_sitting(day=self.day, sessions=[plan], actor=bureau)
        published = starts - timedelta(days=11)
        publish_sitting(
            sitting_id=sitting.pk,
            actor=self.people["supervisor"],
            now=published,
            opens_at=published + timedelta(hours=1),
        )
        booked = published + timedelta(days=2)
        rows = [
            book_and_verify(sitting, place, company, bureau, booked)
            for place, company in enumerate(companies, start=serial)
        ]
        appointments.place_as_proposed(sitting_id=sitting.pk, actor=bureau, now=booked)
        appointments.send_call_notices(starts - timedelta(days=2))
        for place, row in enumerate(rows):
            self._consult(row, starts + timedelta(minutes=25 * place))
        return rows

    def _consult(self, booking: Booking, begins: datetime) -> None:
        actor: dict[str, Any] = {"actor": self.people["taxhead"]}
        entry = appointments.check_in(booking_id=booking.pk, now=begins - timedelta(minutes=15), **actor)
        appointments.call(entry_id=entry.pk, desk="1号桌", now=begins, **actor)
        appointments.start_consultation(entry_id=entry.pk, now=begins + timedelta(minutes=1), **actor)
        appointments.finish_consultation(entry_id=entry.pk, now=begins + timedelta(minutes=20), **actor)

    def at(self, number: int, hour: int = 10) -> datetime:
        """So many working days after it, but never in the future."""
        day = due_date(self.day, number).due if number else self.day
        return min(local_moment(day, self.now.replace(hour=hour, minute=0, second=0, microsecond=0).time()), self.now)

    def at_once(self, place: int, outcome: Outcome, points: str, answer: str) -> None:
        services.close_at_once(
            booking_id=self.bookings[place].pk,
            outcome=outcome,
            points=points,
            answer=answer,
            day=self.day,
            actor=self.people["taxhead"],
            now=self.at(0, 12),
        )

    def hand_over(self, place: int, *assisting: str) -> Case:
        keys = dict(Department.objects.filter(name__in=[LEAD, *assisting]).values_list("name", "pk"))
        return services.hand_over(
            booking_id=self.bookings[place].pk,
            parts=services.Parts(keys[LEAD], tuple(keys[name] for name in assisting)),
            points=f"{self.bookings[place].title}，现场核对材料后交办。",
            day=self.day,
            actor=self.people["taxhead"],
            now=self.at(0, 12),
        )

    def part(self, case: Case, name: str = LEAD) -> dict[str, Any]:
        part = Assignment.objects.get(case=case, department__name=name)
        return {"assignment_id": part.pk, "actor": self.people["tax" if name == LEAD else "stats"]}

    def plan(self, case: Case, on: int, name: str = LEAD, until: int = 12, why_later: str = "") -> None:
        given = self.part(case, name)
        measures = "约企业补正材料，会同业务科室复核后办理。"
        plan = services.Plan(given["actor"].pk, due_date(self.day, until).due, measures, why_later)
        services.make_plan(plan=plan, now=self.at(on), **given)

    def feedback(self, case: Case, on: int, result: Result = Result.SOLVED, name: str = LEAD) -> None:
        offered = "" if result in (Result.SOLVED, Result.PARTLY) else "已安排专人辅导，协助准备下期申报材料。"
        answer = services.Answer(result, "已会同企业核对材料，按规定办理并书面告知。", offered)
        services.give_feedback(answer=answer, now=self.at(on), **self.part(case, name))

    def accept(self, case: Case, on: int, name: str = LEAD) -> None:
        given = self.part(case, name) | {"actor": self.people["bureau"]}
        services.accept_feedback(note="", now=self.at(on), **given)

    def close(self, case: Case, on: int, result: Result, **options: Any) -> None:
        answer = "您反映的事项已按规定办理，结果如现场告知；如有疑问请联系服务专窗。"
        actor = self.people["supervisor"]
        services.close_case(case_id=case.pk, result=result, answer=answer, actor=actor, now=self.at(on), **options)

    def rated(self, case: Case, on: int, opinion: evaluations.Opinion) -> None:
        """By the link that went out at the close-out."""
        evaluations.invite_closed(self.at(14))
        invitation = Invitation.objects.get(case=case)
        evaluations.rate(invitation_id=invitation.pk, opinion=opinion, actor=audit.HOLDER, now=self.at(on))

    def looked_at_again(self, case: Case, on: int) -> None:
        """By an inspector, who did not reach the enterprise at once. [3.9]"""
        inspector = self.people["inspector"]
        follow_up = evaluations.open_follow_up(
            case_id=case.pk,
            origin=Origin.INSPECTOR,
            note="核对解释说明类办件的后续辅导是否到位。",
            assigned_to=inspector.pk,
            actor=inspector,
            now=self.at(on),
        )
        missed = {"outcome": CallOutcome.NOT_REACHED, "note": "无人接听，次日再拨。"}
        evaluations.record_call(follow_up_id=follow_up.pk, actor=inspector, now=self.at(on + 2), **missed)

    def whole_way(self, case: Case, result: Result, *names: str, **options: Any) -> None:
        """Planned, answered, checked and closed in time."""
        for name in names or (LEAD,):
            self.plan(case, 3, name)
            self.feedback(case, 11, result, name)
            self.accept(case, 12, name)
        self.close(case, 13, result, **options)


def make_case_samples(plan_of: PlanOf) -> None:
    """Four sittings of the past weeks, the oldest first."""
    serial = FIRST_SERIAL
    held = []
    for ago, companies in SITTINGS:
        held.append(Past(ago, companies, serial, plan_of))
        serial += len(companies)
    longest, long, recent, fresh = held
    _closed(longest)
    _closed_and_late(long)
    _in_hand(recent)
    _new(fresh)
    _remind(long)


def _closed(past: Past) -> None:
    past.whole_way(past.hand_over(0), Result.SOLVED)
    past.whole_way(past.hand_over(1), Result.PARTLY)
    explained = past.hand_over(2)
    past.whole_way(explained, Result.EXPLAINED)
    past.looked_at_again(explained, 29)


def _closed_and_late(past: Past) -> None:
    past.at_once(0, Outcome.SOLVED, "更名后无法登录。", "当场协助完成法定代表人变更，已可登录。")
    past.at_once(1, Outcome.EXPLAINED, "申请免除滞纳金。", "滞纳金依法不能免除；已说明依据，并告知可申请分期缴纳。")
    joint = past.hand_over(3, OTHER)
    shares = {part.department_id: "核定口径并书面答复" for part in joint.assignments.all()}
    services.divide(shares=shares, now=past.at(4), **past.part(joint))
    report = next_working_day(timezone.localdate(past.now) + timedelta(days=60), including=True)
    past.whole_way(joint, Result.LONG_TERM, LEAD, OTHER, next_report_on=report)
    past.rated(joint, 20, NOT_SATISFIED)
    past.plan(past.hand_over(2), 3)
    past.plan(past.hand_over(4), 4)


def _in_hand(past: Past) -> None:
    returned = past.hand_over(0)
    past.plan(returned, 2)
    past.feedback(returned, 7)
    services.return_feedback(
        note="未附退税到账凭证，请补充后重新反馈。",
        now=past.at(9),
        **(past.part(returned) | {"actor": past.people["bureau"]}),
    )
    asking = past.hand_over(1)
    past.plan(asking, 3)
    _ask(past, asking, on=11)
    services.add_to_case(
        case_id=asking.pk,
        text="设备折旧明细已按要求重新整理，其中三台设备的购置发票原件在总部，下周寄到。",
        submission="sample",
        now=past.at(10),
    )
    past.hand_over(2, OTHER)  # nothing done yet: plan and division are late
    refused = past.hand_over(3)
    past.plan(refused, 4)
    extension = _ask(past, refused, on=8)
    services.refuse_extension(
        extension_id=extension.pk,
        note="材料已齐备，请在原期限内办结。",
        actor=past.people["supervisor"],
        now=past.at(9),
    )
    checking = past.hand_over(4)
    past.plan(checking, 2)
    past.feedback(checking, 11)


def _ask(past: Past, case: Case, *, on: int) -> Any:
    return services.ask_extension(
        day=due_date(past.day, 20).due,
        reason="需报上级税务机关核定，预计延后一周。",
        now=past.at(on),
        **past.part(case),
    )


def _new(past: Past) -> None:
    first, alike = past.hand_over(0), past.hand_over(3)
    services.merge_cases(
        main_id=first.pk,
        case_ids=[alike.pk],
        reason="同为软件产品即征即退，由同一科室一并核办。",
        actor=past.people["bureau"],
        now=past.at(1),
    )
    dismissed, objected = past.hand_over(1), past.hand_over(2)
    objections = [
        services.object_to_assignment(
            reason="该事项的核定口径由主管部门确定。",
            legal_basis="《中华人民共和国环境保护税法》第十五条",
            now=past.at(0, 16),
            **past.part(case),
        )
        for case in (dismissed, objected)
    ]
    services.dismiss_objection(
        objection_id=objections[0].pk,
        note="房产税由税务部门负责征收管理，请继续办理。",
        actor=past.people["supervisor"],
        now=past.at(0, 17),
    )


def _remind(past: Past) -> None:
    """The ladder as it went: a first step that was taken up, later ones that nobody answered; and an urging."""
    services.remind(past.at(15))
    told = Escalation.objects.filter(obligation__handler=past.people["tax"], acknowledged_at__isnull=True)
    first = told.order_by("pk").first()
    if first is not None:
        note = "已约企业本周补正材料，补正后三日内反馈。"
        deadlines.acknowledge(escalation_id=first.pk, actor=past.people["tax"], note=note, now=past.at(15, 11))
    services.remind(past.at(19))
    late = Case.objects.filter(start=past.day, status="handling").order_by("pk").first()
    if late is not None:
        services.urge(
            case_ids=[late.pk],
            note="已超期，请本周内反馈办理情况，有困难的书面说明。",
            actor=past.people["supervisor"],
            now=past.at(19, 11),
        )
