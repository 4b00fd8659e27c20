"""The sentences of a bulletin, built from its figures: each says its numerator and denominator, none ranks. [3.10]"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from core.templatetags.cn import NUMERALS
from reports.content import cn_day_of
from reports.figures import Figure, QuarterFigures, Unit
from reports.rating_sums import Told

# Fewer numbers used than this share is told as a problem. [3.3]
NUMBERS_WELL_USED = 0.8
GROUNDS = tuple(f"refused_{place}" for place in range(1, 6))


class Says:
    """The figures of a quarter as words."""

    def __init__(self, found: QuarterFigures) -> None:
        self.found = found

    def number(self, key: str) -> int:
        figure = self.found.get(key)
        return figure.count.numerator if figure else 0

    def whole(self, key: str) -> int:
        figure = self.found.get(key)
        return (figure.count.denominator or 0) if figure else 0

    def missing(self, key: str) -> int:
        """Of the denominator what was not reached."""
        return self.whole(key) - self.number(key)

    def rate(self, key: str) -> str:
        """92.3%（12/13）; of few 2/4（基数不足5）."""
        figure = self.found.get(key)
        if figure is None:
            return "—"
        return f"{figure.text}（{figure.note.replace(' ', '')}）" if figure.note else figure.text

    def moved(self, key: str) -> str:
        """，较上季度上升3.2个百分点; nothing where the two cannot be compared."""
        figure = self.found.get(key)
        return _("，较上季度%s") % said_change(figure) if figure and figure.change else ""


def said_change(figure: Figure) -> str:
    """“+3.2 个百分点” as documents say it: 上升3.2个百分点."""
    change = figure.change
    amount = change[1:].replace(" ", "")
    if change[0] not in "+−":
        return change
    up = change[0] == "+"
    if figure.definition.unit is Unit.SHARE:
        return _("上升%s") % amount if up else _("下降%s") % amount
    word = "" if figure.definition.unit is Unit.MINUTES else str(figure.definition.word)
    return _("增加%s") % f"{amount}{word}" if up else _("减少%s") % f"{amount}{word}"


def texts_of(found: QuarterFigures, rated: str) -> dict[str, str]:
    """By the key of a bulletin's part; `rated` is how much of the ratings may be told."""
    says = Says(found)
    return {
        "opening": opening(found),
        "overall": points([sittings(says), bookings(says), consultations(says)]),
        "handling": points([handed_over(says), punctuality(says), results(says)]),
        "rating": points([ratings(says, rated), follow_ups(says)]),
        "problems": numbered(problems(says)),
        "next": points(demands(says)),
    }


def points(lines: Iterable[str]) -> str:
    """（一）…, a line to each."""
    told = [line for line in lines if line]
    return "\n".join(f"（{NUMERALS[place]}）{line}" for place, line in enumerate(told, start=1))


def numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{place}.{line}" for place, line in enumerate(lines, start=1))


def opening(found: QuarterFigures) -> str:
    return _(
        "为贯彻落实《安宁市服务企业需求“局长坐诊接诉”工作方案》，按照按季度调度、评价、通报的要求，"
        "现将%(quarter)s（%(first)s至%(last)s）“局长坐诊接诉”工作情况通报如下。"
    ) % {
        "quarter": found.quarter.title,
        "first": cn_day_of(found.quarter.first),
        "last": cn_day_of(found.quarter.after - timedelta(days=1)),
    }


def sittings(says: Says) -> str:
    told = _(
        "坐诊组织。日程安排坐诊%(whole)s期，如期公告并举办%(held)s期，日程落实率%(rate)s%(moved)s；"
        "各部门参加坐诊%(sat)s场次。"
    ) % {
        "whole": says.whole("schedule_kept"),
        "held": says.number("schedule_kept"),
        "rate": says.rate("schedule_kept"),
        "moved": says.moved("schedule_kept"),
        "sat": says.number("sat"),
    }
    if cancelled := says.number("sittings_cancelled"):
        told += _("取消坐诊%s期，均已告知预约企业。") % cancelled
    if late := says.number("late_publications"):
        told += _("公告不足7日等情形经特批发布%s期。") % late
    return told


def bookings(says: Says) -> str:
    told = _(
        "挂号受理。已举办期次放号%(numbers)s个，企业到场接诊%(used)s个，号源使用率%(rate)s%(moved)s。"
        "审核挂号%(decided)s件，不予受理%(refused)s件"
    ) % {
        "numbers": says.whole("numbers_used"),
        "used": says.number("numbers_used"),
        "rate": says.rate("numbers_used"),
        "moved": says.moved("numbers_used"),
        "decided": says.whole("refused"),
        "refused": says.number("refused"),
    }
    named = [
        _("%(ground)s%(count)s件") % {"ground": says.found[key].label, "count": says.number(key)}
        for key in GROUNDS
        if says.number(key)
    ]
    told += _("（%s），均说明了理由和办理渠道。") % "、".join(named) if named else "。"
    if solved := says.number("solved_before"):
        told += _("对接核实中解决%s件。") % solved
    return told


def consultations(says: Says) -> str:
    return _(
        "接诊情况。接诊企业%(received)s家次%(moved)s；签办诉求%(cases)s件，其中现场解决%(solved)s件，"
        "现场解决率%(rate)s%(rate_moved)s，现场解释说明%(explained)s件，交办%(handed)s件。"
    ) % {
        "received": says.number("received"),
        "moved": says.moved("received"),
        "cases": says.whole("on_the_spot"),
        "solved": says.number("on_the_spot"),
        "rate": says.rate("on_the_spot"),
        "rate_moved": says.moved("on_the_spot"),
        "explained": says.number("explained"),
        "handed": says.number("handed_over"),
    }


def handed_over(says: Says) -> str:
    return _("交办情况。交办诉求%(all)s件，其中单一部门%(single)s件、多部门联办%(joint)s件。") % {
        "all": says.number("handed_over"),
        "single": says.number("handed_over_single"),
        "joint": says.number("handed_over_joint"),
    }


def punctuality(says: Says) -> str:
    """Always both dates; what is still within its limit is carried over, outside every rate. [3.7]"""
    return _(
        "按期办理。应确定办理方案、完成分工%(plans)s项，按期率%(plan)s，按最初期限计%(plan_first)s；"
        "应反馈办理情况%(feedbacks)s项，按期率%(feedback)s%(moved)s，按最初期限计%(feedback_first)s。"
        "尚在期限内的%(within)s项结转，不计入按期率；超期未办%(late)s项。"
    ) % {
        "plans": says.whole("plan_on_time"),
        "plan": says.rate("plan_on_time"),
        "plan_first": says.rate("plan_on_time_original"),
        "feedbacks": says.whole("feedback_on_time"),
        "feedback": says.rate("feedback_on_time"),
        "moved": says.moved("feedback_on_time"),
        "feedback_first": says.rate("feedback_on_time_original"),
        "within": says.number("within_limit"),
        "late": says.number("overdue_open"),
    }


def results(says: Says) -> str:
    return _(
        "办结销号。销号%(closed)s件%(moved)s，其中已解决%(solved)s件，办理解决率%(rate)s；部分解决%(partly)s件，"
        "列入长期推进%(long)s件，解释说明%(explained)s件。本季度接诊的诉求目前仍在办理%(open)s件。"
    ) % {
        "closed": says.number("closed"),
        "moved": says.moved("closed"),
        "solved": says.number("solved"),
        "rate": says.rate("solved"),
        "partly": says.number("partly"),
        "long": says.number("long_term"),
        "explained": says.number("closed_explained"),
        "open": says.number("in_hand"),
    }


def ratings(says: Says, rated: str) -> str:
    """The three figures, always together: who rated, satisfied among them, satisfied with silence counted. [3.8]"""
    if rated == Told.STILL_OPEN:
        return _("诊后评价。本季度销号诉求的评价期尚未届满，届满后汇总公布。")
    if rated == Told.TOO_FEW:
        return _("诊后评价。企业主动评价较少，为保护企业自主评价的权利，本季度不单列评价数据。")
    return _(
        "诊后评价。企业主动评价%(given)s轮，评价率%(rated)s；主动评价中满意率%(satisfied)s；"
        "未评价的视为满意，计入后满意率%(silent)s。"
    ) % {
        "given": says.number("rated"),
        "rated": says.rate("rated"),
        "satisfied": says.rate("satisfied"),
        "silent": says.rate("satisfied_with_silence"),
    }


def follow_ups(says: Says) -> str:
    return _(
        "督办回访。发起回访核实%(all)s件，已有核实结论%(done)s件，其中重新办理%(back)s件，无整改成效%(none)s件。"
    ) % {
        "all": says.number("follow_ups"),
        "done": says.number("follow_ups_done"),
        "back": says.number("sent_back"),
        "none": says.number("unrectified"),
    }


def problems(says: Says) -> list[str]:
    """What the figures themselves show; a person adds what they do not."""
    told = []
    if missed := says.missing("schedule_kept"):
        told.append(_("坐诊日程没有全部落实，%s期未如期举办。") % missed)
    share = says.found["numbers_used"].count.share
    if share is not None and share < NUMBERS_WELL_USED:
        told.append(_("号源使用不够充分，%s个号没有用上。") % says.missing("numbers_used"))
    if absent := says.number("absent"):
        told.append(_("有%s家企业预约后未到场，也没有及时取消。") % absent)
    if late := says.missing("feedback_on_time_original"):
        told.append(_("有%s项办理情况没有在最初期限内反馈。") % late)
    if overdue := says.number("overdue_open"):
        units = "、".join(_overdue_units(says))
        told.append(_("有%(count)s项超期未办，涉及%(units)s。") % {"count": overdue, "units": units or _("有关部门")})
    if waiting := says.number("long_term"):
        told.append(_("有%s件列入长期推进，需持续跟踪并按期报告。") % waiting)
    return told or [_("从数据看，本季度各环节均按要求完成。")]


def _overdue_units(says: Says) -> list[str]:
    """In the table's own order: nobody is ranked."""
    table = says.found.table("department")
    if table is None:
        return []
    return [
        row.label
        for row in table.rows
        for cell in row.cells
        if cell.definition.key == "overdue_open" and cell.count.numerator and row.key is not None
    ]


def demands(says: Says) -> list[str]:
    told = [
        _("压实坐诊责任。各部门主要负责同志要带头坐诊，分管负责同志和科室负责人全程参与，按日程安排开展坐诊接诉。")
    ]
    if says.number("overdue_open") or says.missing("feedback_on_time_original"):
        told.append(
            _("抓好按期办理。对超期事项，责任单位要逐项说明原因，明确完成时限和措施；确需延期的，须在到期前申请。")
        )
    if says.number("long_term") or says.number("in_hand"):
        told.append(_("持续跟踪办理。对仍在办理和列入长期推进的诉求，要主动与企业沟通，按时反馈进展。"))
    told.append(
        _("深化研究共性诉求。各部门要对照企业诉求和评价结果，健全完善政策和制度，推动解决一类问题、一批问题。")
    )
    return told
