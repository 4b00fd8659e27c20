from django.utils.translation import gettext_lazy as _

from core.transitions import Move
from sessions_app.enums import SittingStatus as S

PUBLISH = Move("publish_sitting", _("发布公告"), (S.PLANNED,), S.PUBLISHED, "[3.2]")
CANCEL = Move("cancel_sitting", _("取消坐诊"), (S.PLANNED, S.PUBLISHED), S.CANCELLED, "[3.2]")

MOVES = [PUBLISH, CANCEL]

# Entries of the audit trail that are no move of a status.
ACTIONS = {
    "plan_sitting": _("列入日程"),
    "change_sitting": _("修改日程"),
    "add_session": _("增加场次"),
    "change_session": _("修改场次"),
    "remove_session": _("移除场次"),
    "schedule_publication": _("设定发布时间"),
    "publication_refused": _("未能按时发布"),
    "add_extra_number": _("加号"),
    "import_schedule": _("导入日程"),
    "export_schedule": _("导出日程"),
}
