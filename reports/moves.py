from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from reports.enums import ListStatus as S

SEND_LIST = Move("send_list", _("发送清单"), (S.DRAFT,), S.SENT, "[3.4]")

MOVES = [SEND_LIST]
ACTIONS = {
    "make_list": _("生成清单"),
    "export_list": _("导出服务事项清单"),
}
