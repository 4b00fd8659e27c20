from django.db import models
from django.utils.translation import gettext_lazy as _

# What a satisfied answer, and a late one, are called. [3.8]
VERDICTS = [(True, _("满意")), (False, _("不满意"))]
IN_TIME = [(False, _("评价期内")), (True, _("逾期评价"))]


class Reason(models.TextChoices):
    """Why an enterprise is not satisfied. [3.8]"""

    ATTITUDE = "attitude", _("服务态度")
    UNCLEAR = "unclear", _("答复不清")
    UNSOLVED = "unsolved", _("未解决")
    LATE = "late", _("超时")
    PASSED_ON = "passed_on", _("推诿")
    OTHER = "other", _("其他")


class Origin(models.TextChoices):
    """Why a follow-up was opened. [3.9]"""

    UNSATISFIED = "unsatisfied", _("评价不满意")
    SAMPLE = "sample", _("未评价抽查")
    REPORTED = "reported", _("企业反映")
    INSPECTOR = "inspector", _("督查决定")


# These two tell how the enterprise rated, or that it did not: only who may see ratings is told which. [5.2]
FROM_RATINGS = (Origin.UNSATISFIED, Origin.SAMPLE)


class Office(models.TextChoices):
    """Who owes a follow-up. [3.9]"""

    BUREAU = "bureau", _("市政务服务局")
    INSPECTION = "inspection", _("市政府办公室督查科")


class FollowUpStatus(models.TextChoices):
    OPEN = "open", _("待核实")
    CONFIRMED = "confirmed", _("核实无误")
    SENT_BACK = "sent_back", _("重新办理")
    UNRECTIFIED = "unrectified", _("无整改成效")


class CallOutcome(models.TextChoices):
    """What came of one call. [3.9]"""

    REACHED = "reached", _("已接通")
    NOT_REACHED = "not_reached", _("未接通")
    WRONG_NUMBER = "wrong_number", _("号码有误")
    CALL_AGAIN = "call_again", _("约定再拨")


class ReferralStatus(models.TextChoices):
    PROPOSED = "proposed", _("待审批")
    APPROVED = "approved", _("同意报送")
    REJECTED = "rejected", _("不同意报送")
