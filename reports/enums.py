from django.db import models
from django.utils.translation import gettext_lazy as _


class ListStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已发送")


class ReportKind(models.TextChoices):
    """What is said of the work: to all, to the municipal government, to the level above. [3.10] [5.3]"""

    BULLETIN = "bulletin", _("季度通报")
    IMPORTANT = "important", _("重要情况报告")
    SPECIAL = "special", _("专报")


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    APPROVED = "approved", _("已审定")
    ISSUED = "issued", _("已印发")
    DROPPED = "dropped", _("已作废")


class ExportStatus(models.TextChoices):
    QUEUED = "queued", _("排队中")
    WORKING = "working", _("正在生成")
    DONE = "done", _("可下载")
    FAILED = "failed", _("未能生成")
    EXPIRED = "expired", _("已过期")


class ProposalKind(models.TextChoices):
    """What a found group could become. [5.3]"""

    NEW = "new", _("可列为共性诉求")
    JOIN = "join", _("可并入已有共性诉求")


class ProposalStatus(models.TextChoices):
    PROPOSED = "proposed", _("待研究")
    NAMED = "named", _("已列入共性诉求")
    DISMISSED = "dismissed", _("不作共性诉求")
    # The texts no longer make this group: its cases were listed otherwise, or are older than what is looked through.
    GONE = "gone", _("不再成组")


class FindingStatus(models.TextChoices):
    QUEUED = "queued", _("排队中")
    WORKING = "working", _("正在查找")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未能完成")


FINDING_AHEAD = (FindingStatus.QUEUED, FindingStatus.WORKING)
# Where nobody has to do anything more for it.
EXPORT_AHEAD = (ExportStatus.QUEUED, ExportStatus.WORKING)


class TypicalStatus(models.TextChoices):
    """A typical case on its way to the site. [5.4]"""

    DRAFT = "draft", _("编写中")
    CHECKED = "checked", _("已核对")
    APPROVED = "approved", _("已审定")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


# Not yet for everybody.
TYPICAL_IN_WORK = (TypicalStatus.DRAFT, TypicalStatus.CHECKED, TypicalStatus.APPROVED)
# What is searched of the library.
TYPICAL_PART = "typical"


class TypicalNewsKind(models.TextChoices):
    """What may make a published typical case one no longer. [5.4]"""

    ROUND = "round", _("重新办理")
    FINDING = "finding", _("认定无整改成效")
    PRESSURE = "pressure", _("压制报复反映")


class ResultsStatus(models.TextChoices):
    """A quarter's results on their way to the public. [5.4]"""

    DRAFT = "draft", _("草稿")
    APPROVED = "approved", _("已审定")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已撤下")
