"""The figures of ratings and follow-ups. The three of ratings are always read together. [3.8] [3.9]"""

from django.db.models import Q
from django.utils.translation import gettext_lazy

from evaluations.enums import FollowUpStatus
from reports.figures.definition import Definition, Part
from reports.figures.sources_after import FOLLOW_UPS, ROUNDS, SATISFIED, UNSATISFIED

EVERYTHING = Q()
RATED = Q(verdict__isnull=False)
SILENT = Q(verdict__isnull=True, is_past=True)
DECIDED = ~Q(status=FollowUpStatus.OPEN)
ROUND = gettext_lazy("轮")
RATING_FIGURES = [
    Definition(
        "rated",
        gettext_lazy("评价率"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        RATED,
        RATED | SILENT,
        gettext_lazy("企业已评价的，占已评价和评价期已满的；评价期未满又未评价的不计"),
        word=ROUND,
    ),
    Definition(
        "satisfied",
        gettext_lazy("已评价的满意率"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        Q(verdict=SATISFIED),
        RATED,
        gettext_lazy("对坐诊服务和办理情况都评价满意的，占企业已评价的"),
        word=ROUND,
    ),
    Definition(
        "satisfied_with_silence",
        gettext_lazy("含视为满意的满意率"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        Q(verdict=SATISFIED) | SILENT,
        RATED | SILENT,
        gettext_lazy("评价满意的和未评价视为满意的，占已评价和评价期已满的"),
        word=ROUND,
    ),
    Definition(
        "counted_satisfied",
        gettext_lazy("未评价视为满意"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        SILENT,
        meaning=gettext_lazy("评价期已满、企业没有评价的"),
        word=ROUND,
    ),
    Definition(
        "unsatisfied",
        gettext_lazy("评价不满意"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        Q(verdict=UNSATISFIED),
        meaning=gettext_lazy("对坐诊服务或者办理情况评价不满意的"),
        word=ROUND,
    ),
    Definition(
        "rated_late",
        gettext_lazy("其中逾期评价"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        Q(rated_late=True),
        meaning=gettext_lazy("评价期满后作出的评价，已印发的通报不因此变动"),
        word=ROUND,
    ),
    Definition(
        "to_be_rated",
        gettext_lazy("评价期内待评价"),
        "[3.8]",
        Part.RATINGS,
        ROUNDS,
        Q(verdict__isnull=True, is_past=False),
        meaning=gettext_lazy("评价期未满、尚未评价的，不计入评价率和满意率"),
        word=ROUND,
    ),
]
FOLLOW_UP_FIGURES = [
    Definition(
        "follow_ups",
        gettext_lazy("发起回访"),
        "[3.9]",
        Part.FOLLOW_UPS,
        FOLLOW_UPS,
        EVERYTHING,
        meaning=gettext_lazy("发起的督办回访"),
    ),
    Definition(
        "follow_ups_done",
        gettext_lazy("回访办结率"),
        "[3.9]",
        Part.FOLLOW_UPS,
        FOLLOW_UPS,
        DECIDED,
        EVERYTHING,
        gettext_lazy("已有核实结论的，占发起的回访"),
    ),
    Definition(
        "sent_back",
        gettext_lazy("回访后重新办理"),
        "[3.9]",
        Part.FOLLOW_UPS,
        FOLLOW_UPS,
        Q(status=FollowUpStatus.SENT_BACK),
        DECIDED,
        gettext_lazy("核实后重新办理的，占已有核实结论的回访"),
    ),
    Definition(
        "unrectified",
        gettext_lazy("无整改成效"),
        "[3.9]",
        Part.FOLLOW_UPS,
        FOLLOW_UPS,
        Q(status=FollowUpStatus.UNRECTIFIED),
        DECIDED,
        gettext_lazy("核实为无整改成效的，占已有核实结论的回访"),
    ),
]
