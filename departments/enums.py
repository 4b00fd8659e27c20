from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentKind(models.TextChoices):
    BUREAU = "bureau", _("牵头单位（市政务服务局）")
    INSPECTION = "inspection", _("督查单位（市政府办公室督查科）")
    MEMBER = "member", _("配合部门")


class Role(models.TextChoices):
    """Who one is in this system; a person has one role."""

    WINDOW_CLERK = "window_clerk", _("窗口人员")
    BUREAU_STAFF = "bureau_staff", _("政务服务局经办")
    BUREAU_SUPERVISOR = "bureau_supervisor", _("政务服务局负责人")
    DEPARTMENT_STAFF = "department_staff", _("部门经办")
    DEPARTMENT_HEAD = "department_head", _("部门负责人")
    INSPECTOR = "inspector", _("督查人员")
    INSPECTION_APPROVER = "inspection_approver", _("督查审批人")
    LEADER = "leader", _("市领导")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_OFFICER = "security_officer", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")


# Which roles need a department of which kind; the others have none.
ROLES_OF_BUREAU = {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR}
ROLES_OF_INSPECTION = {Role.INSPECTOR, Role.INSPECTION_APPROVER}
ROLES_OF_DEPARTMENT = {Role.DEPARTMENT_STAFF, Role.DEPARTMENT_HEAD}
ROLES_WITHOUT_DEPARTMENT = {Role.LEADER, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR}
ROLES_OF_KIND = {
    DepartmentKind.BUREAU: ROLES_OF_BUREAU,
    DepartmentKind.INSPECTION: ROLES_OF_INSPECTION,
    DepartmentKind.MEMBER: ROLES_OF_DEPARTMENT,
}
