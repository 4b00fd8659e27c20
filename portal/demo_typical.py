"""The demonstration's typical cases: written when their quarter is over, checked, approved, published. [5.3] [5.4]"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.models import Case
from core.errors import Refused
from core.models import User
from core.workdays import next_working_day
from portal.demo_clock import Clock
from portal.demo_handling import People
from reports import services
from reports.figures import Quarter
from reports.models import TypicalCase
from sessions_app.services import local_moment

# After the end of the quarter, in days; when a rating of its last days is no longer waited for.
CHOSEN_AFTER, CHECKED_AFTER, APPROVED_AFTER, PUBLISHED_AFTER = (timedelta(days=days) for days in (22, 24, 26, 27))
TAKEN_DOWN_AFTER = timedelta(days=34)
ANOTHER_REASON = "另选更有代表性的诉求。"
TAKEN_DOWN_REASON = "办理口径已随新政策调整，原做法不再适用。"


@dataclass(frozen=True)
class Story:
    """`about`: words of the demand's title by which a case for it is found."""

    about: tuple[str, ...]
    title: str
    situation: str
    handling: str
    outcome: str
    lessons: str
    keywords: str
    fate: str = "published"


STORIES = (
    Story(
        about=("留抵退税",),
        title="留抵退税：一张清单告知，两个环节同步",
        situation=(
            "企业提交增值税留抵退税申请后，系统长时间显示“已受理”，既不知道审核到了哪一步，也不清楚还缺什么材料，"
            "经办人员多次往返询问。原材料采购付款在即，流动资金因此紧张。"
        ),
        handling=(
            "坐诊当日，税务部门主要负责人当场调出申请记录，查明卡在进项凭证核对环节。会后由税源管理和风险复核两个岗位"
            "同步审核，所缺凭证列成一张清单，一次告知企业。\n"
            "每完成一个环节，经办人主动电话告知进度，企业不必再到窗口询问。"
        ),
        outcome="材料补齐后五个工作日内完成复核，退税款如期到账。企业反馈，从“跑着问”变成了“等通知”。",
        lessons=(
            "一是把分散在各岗位的补正要求合并为一次性告知清单，由受理岗位统一出口。\n"
            "二是税源管理与风险复核由先后办理改为同步办理，缩短环节等待。\n"
            "三是超过十个工作日未办结的申请，由系统自动列入局长坐诊前的提醒名单。"
        ),
        keywords="留抵退税、一次告知、同步审核",
    ),
    Story(
        about=("用电增容",),
        title="用电增容：部门先行会商，走廊一次定线",
        situation=(
            "企业扩建的厂房已经竣工，原有变压器容量不足。增容申请提交后，因线路走廊涉及多个单位，方案迟迟定不下来，"
            "新设备只能闲置等待。"
        ),
        handling=(
            "坐诊后由工业主管部门牵头，三日内召集发改、园区和供电企业到现场会商，逐段确认走廊权属，当场比选两套方案。\n"
            "确定方案后，各单位按同一张时间表并行办理手续，牵头部门每周通报一次进展。"
        ),
        outcome="从会商到通电比原计划提前近一个月，新增生产线按期投产。走廊方案同时满足了周边两个地块今后的用电需要。",
        lessons=(
            "一是涉及线路走廊的增容申请，先由牵头部门组织现场会商，再进入审批，避免逐家征求意见。\n"
            "二是用一张时间表管住各单位的并行手续，每周公开进展。\n"
            "三是走廊方案兼顾周边地块，一次定线、长期使用。"
        ),
        keywords="用电增容、现场会商、并联办理",
    ),
    Story(
        about=("用工招聘",),
        title="园区招工：岗位进村社，通勤车到厂门",
        situation="园区企业旺季集中用工，普工岗位长期招不满；附近村社有劳动力，却嫌通勤不便、信息不清。",
        handling=(
            "园区管理机构汇总各企业岗位，按工种、班次和待遇编成统一的岗位册，会同人社部门和街道送到村社，"
            "每月组织一次流动招聘。\n"
            "对反映最集中的通勤问题，协调公交企业按班次增开早晚通勤线路。"
        ),
        outcome="首季三场流动招聘达成就业意向二百余人，企业空缺岗位减少近半，新招员工三个月留用率明显提高。",
        lessons=(
            "一是岗位信息由园区统一汇总、统一发布，企业不必各自张贴。\n"
            "二是招聘与通勤一并解决，先问清“为什么不来”，再定“怎么招”。\n"
            "三是把流动招聘列为每月固定服务，企业按月报岗位即可。"
        ),
        keywords="招工、流动招聘、通勤线路",
    ),
    Story(
        about=("特种设备检验", "许可变更", "经营场所登记", "信用修复"),
        title="到期事项：提前三个月提醒，容缺先受理",
        situation="企业的许可、检验事项临近到期，因一份报告尚未出具，申请不能提交，担心到期后停产等待。",
        handling=(
            "市场监管部门核实后，按容缺受理的规定先行受理其余材料，由企业书面承诺补交期限；同时联系检验机构，"
            "在规定程序内合理安排时间。\n"
            "对同类企业逐一排查，三个月内到期的全部提前告知。"
        ),
        outcome="报告在承诺期限内补齐，手续在到期前办结，企业生产没有中断。",
        lessons=(
            "一是到期前九十日由系统自动提醒，附材料清单和办理时限。\n"
            "二是非关键材料可以容缺受理，承诺期限写进受理通知书。\n"
            "三是由个案延伸排查同类企业，解决一个、提醒一批。"
        ),
        keywords="到期提醒、容缺受理、主动服务",
    ),
    Story(
        about=("补助兑现", "优惠兑现", "政策咨询", "申报条件"),
        title="惠企资金：政策找企业，申报少填表",
        situation="企业符合扶持政策的条件，但不清楚申报时间和口径，往年因错过窗口期没有享受到政策。",
        handling=(
            "主管部门比对已有的纳统和项目数据，先列出可能符合条件的企业名单，逐家推送提示；申报表中已有的数据由部门"
            "预先填好，企业只需核对和补充。"
        ),
        outcome="当批申报企业数量比上年明显增加，补正次数大幅减少，资金在公示结束后十个工作日内拨付。",
        lessons="一是由“企业找政策”改为“政策找企业”。\n二是部门掌握的数据不再要求企业重复填报。",
        keywords="惠企资金、免申即享、数据共享",
        fate="taken_down",
    ),
    Story(
        about=("项目备案", "节能审查", "外地企业迁入"),
        title="项目手续：一张图核对，一次会定事",
        situation="企业项目手续涉及多个部门，各部门要求的先后顺序不一，企业不知从哪一项办起。",
        handling="牵头部门用一张图列清各项手续的先后和并行关系，召集一次会议当场明确每一项的责任单位和完成时间。",
        outcome="手续比预计提前办结，项目按计划推进。",
        lessons="对同类项目统一提供手续办理图，首次会议即明确责任单位和时限。",
        keywords="项目手续、办理图、一次会商",
        fate="draft",
    ),
)


def write_stories(first: date, today: date, people: People, checker: User, clock: Clock) -> None:
    """One story after another, spread over the quarters that are over; what is not finished is of the latest."""
    told: set[int] = set()
    quarters = _quarters(first, today)
    for place, story in enumerate(STORIES):
        at = place % len(quarters) if quarters and story.fate == "published" else 0
        for quarter in quarters[at:] + quarters[:at]:
            typical = _choose(story, quarter, told, people.bureau, clock)
            if typical is None:
                continue
            told.add(typical.case_id)
            if _carry_on(typical, story, quarter, people, checker, clock):
                break
    clock.deliver()


def _quarters(first: date, today: date) -> list[Quarter]:
    """Over for long enough, the latest first."""
    quarter, found = Quarter.of(first), []
    while _at(quarter, TAKEN_DOWN_AFTER).date() < today:
        found.append(quarter)
        quarter = quarter.plus(1)
    return found[::-1]


def _at(quarter: Quarter, after: timedelta) -> datetime:
    return local_moment(next_working_day(quarter.after + after, including=True), time(15))


def _choose(story: Story, quarter: Quarter, told: set[int], actor: User, clock: Clock) -> TypicalCase | None:
    now = clock.at(_at(quarter, CHOSEN_AFTER))
    closed = Case.objects.filter(closed_at__date__gte=quarter.first, closed_at__date__lt=quarter.after)
    for case in closed.exclude(pk__in=told).select_related("booking").order_by("closed_at", "pk"):
        if any(word in case.booking.title for word in story.about):
            try:
                return services.typical.choose_case(case_id=case.pk, actor=actor, now=now)
            except Refused:
                continue
    return None


def _carry_on(
    typical: TypicalCase, story: Story, quarter: Quarter, people: People, checker: User, clock: Clock
) -> bool:
    """Whether it came to the end of its story; else another case is looked for."""
    words = services.typical.Words(
        title=story.title,
        area=typical.area_id,
        department=typical.department_id,
        situation=story.situation,
        handling=story.handling,
        outcome=story.outcome,
        lessons=story.lessons,
        keywords=story.keywords,
    )
    step: dict[str, Any] = {"typical_id": typical.pk}
    now = clock.at(_at(quarter, CHOSEN_AFTER) + timedelta(hours=1))
    saved = services.typical.save_draft(**step, words=words, revision=typical.revision, actor=people.bureau, now=now)
    if story.fate == "draft":
        return True
    now = clock.at(_at(quarter, CHECKED_AFTER))
    try:
        services.typical.check(**step, revision=saved.revision, confirmed=True, reason="", actor=checker, now=now)
    except Refused:
        services.typical.withdraw(**step, reason=ANOTHER_REASON, actor=checker, now=now)
        return False
    now = clock.at(_at(quarter, APPROVED_AFTER))
    services.typical.approve(**step, revision=saved.revision, actor=people.supervisor, now=now)
    services.typical.publish(**step, actor=people.supervisor, now=clock.at(_at(quarter, PUBLISHED_AFTER)))
    if story.fate == "taken_down":
        now = clock.at(_at(quarter, TAKEN_DOWN_AFTER))
        services.typical.withdraw(**step, reason=TAKEN_DOWN_REASON, actor=people.supervisor, now=now)
    return True
