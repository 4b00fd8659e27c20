from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    HANDLING = "handling", _("办理中")
    CLOSED = "closed", _("已销号")


class Outcome(models.TextChoices):
    """How a consultation ended: exactly one of these. [3.6]"""

    SOLVED = "solved", _("现场解决")
    HANDED_OVER = "handed_over", _("交办")
    EXPLAINED = "explained", _("解释说明")


class Result(models.TextChoices):
    """What came of a demand. [3.7]"""

    SOLVED = "solved", _("已解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained", _("解释说明")
    LONG_TERM = "long_term", _("列入长期推进")


# These end what was promised for later, too. [3.7]
ENDS_A_PROMISE = (Result.SOLVED, Result.EXPLAINED)


class AssignmentStatus(models.TextChoices):
    PLANNING = "planning", _("待定方案")
    HANDLING = "handling", _("办理中")
    CHECKING = "checking", _("待审核")
    DONE = "done", _("审核通过")
    WITHDRAWN = "withdrawn", _("已撤回")


# Still owes something.
AT_WORK = (AssignmentStatus.PLANNING, AssignmentStatus.HANDLING)
# Has a part in its round.
TAKES_PART = (*AT_WORK, AssignmentStatus.CHECKING, AssignmentStatus.DONE)


class Ruling(models.TextChoices):
    """What became of what was asked for: an objection, an extension. [3.7]"""

    PENDING = "pending", _("待裁定")
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")


class Verdict(models.TextChoices):
    """The bureau's check of a feedback. [3.7]"""

    PENDING = "pending", _("待审核")
    ACCEPTED = "accepted", _("通过")
    RETURNED = "returned", _("退回")


class TieStatus(models.TextChoices):
    """Of what a person bound together: a link, a merger."""

    STANDING = "standing", _("有效")
    UNDONE = "undone", _("已撤销")


class CommonStatus(models.TextChoices):
    """A demand that several enterprises have. [5.3]"""

    OPEN = "open", _("研究推进中")
    SETTLED = "settled", _("已办结")


# What is searched of a case beside its booking: what was consulted, and what the enterprise was answered.
SEARCH_PART = "case"
# Kinds of what is owed in a case, by the departments and by who decides.
PLAN, DIVISION, FEEDBACK, COMMITTED = "plan", "division", "feedback", "committed"
OBJECTION, EXTENSION, CHECK = "objection", "extension", "check"
# What is owed in a case, by kind of obligation: the next step, as the working pages name it. [3.7]
NEXT_STEPS = {
    PLAN: _("确定办理方案"),
    DIVISION: _("责任分工"),
    FEEDBACK: _("反馈办理情况"),
    COMMITTED: _("按承诺完成"),
    OBJECTION: _("裁定交办异议"),
    EXTENSION: _("审批延期申请"),
    CHECK: _("审核办理反馈"),
}
# Owed by a department that has a part in the case: these can be urged.
OF_A_PART = (PLAN, DIVISION, FEEDBACK, COMMITTED)


class FilterPage(models.TextChoices):
    """The pages whose filters a person may keep under a name."""

    CASES = "cases", _("诉求")
    SUPERVISION = "supervision", _("督办")
