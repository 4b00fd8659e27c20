from django.db import models
from django.utils.translation import gettext_lazy as _

# Exactly one for each consultation; the case that comes of it says the same. [3.6]
from cases.enums import Outcome as Outcome

# Kind of what is owed for a record that was begun.
RECORD = "record"


class RecordStatus(models.TextChoices):
    DRAFT = "draft", _("记录中")
    SIGNED = "signed", _("已签办")


class Manner(models.TextChoices):
    """How a demand was solved at the table: 措施、方式及结果. [3.7]"""

    DONE = "done", _("当场办理")
    ARRANGED = "arranged", _("现场协调")
    ANSWERED = "answered", _("当场答复")
    OTHER = "other", _("其他")


class Why(models.TextChoices):
    """Why a demand is explained and not handed over. [3.7]"""

    UNREASONABLE = "unreasonable", _("诉求不合理")
    BEYOND_REACH = "beyond_reach", _("因客观原因难以解决")
    OUT_OF_SCOPE = "out_of_scope", _("不属受理范围")


class Side(models.TextChoices):
    """Whose hand signs the record."""

    DEPARTMENT = "department", _("坐诊部门")
    ENTERPRISE = "enterprise", _("企业")
