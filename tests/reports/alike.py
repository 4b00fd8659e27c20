"""Cases of many enterprises that ask the same in other words, and proposals brought to each status. [5.3]"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import uuid4

from appointments.enums import ChoiceKind
from appointments.models import Booking, Choice, Enterprise
from cases.models import Assignment, Case
from cases.services import Common, add_to_common, open_common, settle_common
from core.models import User
from reports import services
from reports.enums import ProposalKind, ProposalStatus
from reports.models import CommonProposal
from reports.services.finding import find_common
from sessions_app.models import Sitting
from tests.conftest import Cast
from tests.factories import department, make_sitting, moment

DAY = date(2026, 11, 5)
NOW = moment("2026-11-26 10:00")
BOILERS = (
    ("锅炉检验排不上队", "锅炉年检到期，检验所说要排两个月，停炉损失大。"),
    ("锅炉年检预约不上", "检验机构排期满了，锅炉到期不敢用。"),
    ("锅炉检验人员不足", "锅炉检验要等很久，年检过期只好停炉。"),
    ("请安排锅炉检验", "我们的锅炉年检到了，检验所没有人来。"),
    ("锅炉检验周期长", "检验机构人手少，锅炉年检一拖再拖。"),
    ("锅炉停炉等检验", "停炉等年检，检验所一直排不上锅炉。"),
)
BUSES = (
    ("夜班公交", "夜班下班没有公交车。"),
    ("公交末班太早", "夜班工人赶不上公交末班车。"),
    ("加开夜班公交", "公交班次少。"),
)
OTHERS = (("路灯不亮", "三号路路灯坏了。"), ("商标被抢注", "牌子被人注册。"), ("古树移植", "红线内有古树。"))
UNIT, OTHER_UNIT = "市市场监管局", "市税务局"
COMMON = ("锅炉检验排期长", "请研究由检验机构定期驻园区集中检验。")


def sitting_of_all() -> Sitting:
    return Sitting.objects.first() or make_sitting(DAY)


def enterprise(serial: int) -> Enterprise:
    return Enterprise.objects.get_or_create(identity=f"code:{serial}")[0]


def case_of(
    serial: int,
    words: tuple[str, str],
    *,
    day: date = DAY,
    unit: str = UNIT,
    area: str = "市场监管",
    district: str = "安宁产业园区",
    by: User | None = None,
) -> Case:
    """A demand of an enterprise that was closed at the table, put into the tables past the verbs of the chain."""
    booking = Booking.objects.create(
        sitting=sitting_of_all(),
        enterprise=enterprise(serial),
        reference=f"26-{Booking.objects.count():03d}-{serial:05d}",
        status="cancelled",
        ticket_digest=uuid4().hex,
        checkin_digest=uuid4().hex,
        submission_digest=uuid4().hex,
        enterprise_kind="operating",
        company_name=f"安宁第{serial}企业有限公司",
        mobile=f"1380000{serial:04d}",
        channels=["sms"],
        title=words[0],
        facts=words[1],
        request="请尽快解决。",
        demand_area=Choice.objects.get_or_create(kind=ChoiceKind.AREA, name=area)[0],
        district=Choice.objects.get_or_create(kind=ChoiceKind.DISTRICT, name=district)[0],
    )
    columns = {"status": "closed", "result": "explained", "answer": "已答复。", "closed_at": NOW}
    case = Case.objects.create(booking=booking, outcome="handed_over", start=day, points="同上", **columns)
    by = by or User.objects.get(username="bureau_staff")
    Assignment.objects.create(
        case=case, round=1, department=department(unit), is_lead=True, status="planning", assigned_by=by
    )
    return case


def cases_of(texts: Collection[tuple[str, str]], *, first: int = 1, **columns: Any) -> list[Case]:
    """Each of another enterprise."""
    return [case_of(serial, words, **columns) for serial, words in enumerate(texts, first)]


def crowd() -> list[Case]:
    """What else is asked, so that words can be rare; again and again by one enterprise, which is no common demand."""
    return [case_of(90, words, unit=OTHER_UNIT, area="其他") for words in OTHERS * 4]


def only_proposal(**wanted: Any) -> CommonProposal:
    return CommonProposal.objects.get(status=ProposalStatus.PROPOSED, **wanted)


def found(**wanted: Any) -> CommonProposal:
    find_common(NOW)
    return only_proposal(**wanted)


def keys(proposal: CommonProposal) -> list[int]:
    return list(proposal.entries.order_by("case_id").values_list("case_id", flat=True))


def common(title: str = COMMON[0], note: str = COMMON[1], unit: str = UNIT) -> Common:
    return Common(title, (department(unit).pk,), note)


def name(proposal: CommonProposal, actor: User, cases: Collection[int] | None = None, **words: Any) -> Any:
    chosen = keys(proposal) if cases is None else cases
    return services.name_proposal(
        proposal_id=proposal.pk, common=common(**words), case_ids=chosen, actor=actor, now=NOW
    )


def join(proposal: CommonProposal, actor: User, cases: Collection[int] | None = None) -> Any:
    chosen = keys(proposal) if cases is None else cases
    return services.join_proposal(proposal_id=proposal.pk, case_ids=chosen, actor=actor, now=NOW)


def dismiss(proposal: CommonProposal, actor: User, reason: str = "检验机构已增员。") -> CommonProposal:
    return services.dismiss_proposal(proposal_id=proposal.pk, reason=reason, actor=actor, now=NOW)


def take_up(proposal: CommonProposal, actor: User, reason: str = "又有企业反映。") -> CommonProposal:
    return services.take_up_again(proposal_id=proposal.pk, reason=reason, actor=actor, now=NOW)


def settle(item: Any, actor: User, told: str = "检验机构每季度驻园区集中检验") -> Any:
    words = {"settlement": "已与检验机构签订驻场协议。", "told": told}
    return settle_common(item_id=item.pk, actor=actor, now=NOW, **words)


def proposal_in(kind: str, status: str, cast: Cast) -> CommonProposal:
    """A group of that kind that came to its status through the verbs."""
    if kind == ProposalKind.JOIN:
        cases_of(BOILERS[:3])
        crowd()
        name(found(), cast.bureau_staff)
        cases_of(BOILERS[3:], first=4)
    else:
        cases_of(BOILERS[:4])
        crowd()
    proposal = found(kind=kind)
    if status == ProposalStatus.NAMED:
        (join if kind == ProposalKind.JOIN else name)(proposal, cast.bureau_staff)
    elif status == ProposalStatus.DISMISSED:
        dismiss(proposal, cast.bureau_staff)
    elif status == ProposalStatus.GONE:
        listed_otherwise(proposal, cast)
        find_common(NOW)
    proposal.refresh_from_db()
    assert (proposal.kind, proposal.status) == (kind, status)
    return proposal


def listed_otherwise(proposal: CommonProposal, cast: Cast) -> None:
    """Somebody opened a common demand by hand for all of them."""
    cases = keys(proposal)
    if proposal.kind == ProposalKind.JOIN:
        add_to_common(item_id=proposal.akin_id or 0, case_ids=cases, actor=cast.bureau_staff, now=NOW)
    else:
        open_common(common=common("另一项"), case_ids=cases, actor=cast.bureau_staff, now=NOW)
