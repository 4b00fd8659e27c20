from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from sessions_app.enums import SittingStatus as S

PUBLISH = Move("publish_sitting", _("发布公告"), (S.PLANNED,), S.PUBLISHED, "[3.2]")
CANCEL = Move("cancel_sitting", _("取消坐诊"), (S.PLANNED, S.PUBLISHED), S.CANCELLED, "[3.2]")

MOVES = [PUBLISH, CANCEL]
