"""Departments with their remits, and who works where in which role. [2]"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import HistoricalRecords
from departments.enums import ROLES_OF_KIND, ROLES_WITHOUT_DEPARTMENT, DepartmentKind, Role


class Department(models.Model):
    name = models.CharField(_("名称"), max_length=40, unique=True)
    kind = models.CharField(_("性质"), max_length=12, choices=DepartmentKind, default=DepartmentKind.MEMBER)
    remit = models.TextField(_("职责范围"), max_length=500, blank=True)
    liaison = models.CharField(_("联络员"), max_length=50, blank=True)
    liaison_phone = models.CharField(_("联络电话"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=~Q(kind=DepartmentKind.MEMBER),
                name="one_bureau_and_one_inspection_office",
                violation_error_message=_("牵头单位和督查单位各只能有一个。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's one role, and the department it is held in."""

    # For traceability a person who acted is deactivated, never deleted.
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("部门"), related_name="members"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("人员角色")
        verbose_name_plural = _("人员角色")
        ordering = ["department__position", "role", "user__username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(ROLES_WITHOUT_DEPARTMENT), department__isnull=True)
                | (~Q(role__in=sorted(ROLES_WITHOUT_DEPARTMENT)) & Q(department__isnull=False)),
                name="department_as_the_role_needs",
                violation_error_message=_("该角色与所属部门不匹配。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"

    def clean(self) -> None:
        if self.department and self.role not in ROLES_OF_KIND[DepartmentKind(self.department.kind)]:
            raise ValidationError({"role": _("该角色不属于所选部门。")})
