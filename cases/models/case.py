"""A demand after its consultation: who handles it, how it is planned, answered, checked and closed. [3.7]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import Booking
from cases.enums import TAKES_PART, AssignmentStatus, CaseStatus, Outcome, Result
from core.history import HistoricalRecords
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> "CaseQuerySet":
        """The bureau and the inspection office see all; a department sees those in which it has or had a part."""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role not in ROLES_OF_DEPARTMENT:
            return self
        own = Assignment.objects.filter(department=membership.department_id)
        return self.filter(pk__in=own.values("case"))


class Case(models.Model):
    """One demand under 交办、承办、督办、销号. Solved on the spot or explained it begins closed. [3.7]"""

    booking = models.OneToOneField(Booking, on_delete=models.RESTRICT, related_name="case", verbose_name=_("挂号"))
    status = models.CharField(_("状态"), max_length=8, choices=CaseStatus)
    outcome = models.CharField(_("处理方式"), max_length=12, choices=Outcome)
    round = models.PositiveSmallIntegerField(_("办理轮次"), default=1)
    is_joint = models.BooleanField(_("多部门联办"), default=False)
    # The day of the consultation that handed it over: all limits count from it, however late it was entered. [3.7]
    start = models.DateField(_("起算日"))
    points = models.TextField(_("诉求要点"), max_length=2000)
    # Another limit for the feedback than the notice's, from the law that sets it. [3.7]
    legal_working_days = models.PositiveSmallIntegerField(_("法定时限（工作日）"), null=True, blank=True)
    legal_basis = models.CharField(_("法定时限依据"), max_length=200, blank=True)
    result = models.CharField(_("办理结果"), max_length=9, choices=Result, blank=True)
    answer = models.TextField(_("答复企业"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("销号人"),
    )
    # Approved by a supervisor: closed now, reported again on this day. [3.7]
    next_report_on = models.DateField(_("下次报告日期"), null=True, blank=True)
    opened_at = models.DateTimeField(_("立案时间"), default=timezone.now)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("诉求")
        verbose_name_plural = _("诉求")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=CaseStatus.CLOSED, closed_at__isnull=False) & ~Q(answer="") & ~Q(result="")
                | (~Q(status=CaseStatus.CLOSED) & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="closed_case_has_time_result_and_answer",
                violation_error_message=_("销号须有办理结果、答复和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(legal_working_days__isnull=True, legal_basis="")
                | Q(legal_working_days__gt=0) & ~Q(legal_basis=""),
                name="legal_limit_has_its_basis",
                violation_error_message=_("法定时限须写明依据。"),
            ),
            models.CheckConstraint(
                condition=Q(next_report_on__isnull=True) | Q(result=Result.LONG_TERM),
                name="only_long_term_reports_again",
                violation_error_message=_("只有列入长期推进的诉求才有下次报告日期。"),
            ),
        ]
        indexes = [
            # Read by the list: the newest first.
            models.Index(fields=["-opened_at", "-id"], name="case_newest_first"),
            # Read by the supervision page: what is being handled, the oldest first.
            models.Index(fields=["start", "id"], condition=Q(status="handling"), name="case_handling_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.booking.title}"

    @property
    def reference(self) -> str:
        """One number from the booking to the close-out."""
        return self.booking.reference


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def taking_part(self) -> "AssignmentQuerySet":
        return self.filter(status__in=TAKES_PART)


class Assignment(models.Model):
    """One department's part in a round: its plan and its feedback. One leads, others assist. [3.7]"""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="assignments", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, related_name="assignments", verbose_name=_("部门")
    )
    is_lead = models.BooleanField(_("牵头"), default=False)
    status = models.CharField(_("状态"), max_length=9, choices=AssignmentStatus)
    assigned_at = models.DateTimeField(_("交办时间"), default=timezone.now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("交办人")
    )
    # What of a joint case is this department's, as the lead divided it. [3.7]
    share = models.TextField(_("分工"), max_length=500, blank=True)
    # 经办人、完成时限、工作措施: together the plan. [3.7]
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    planned_on = models.DateField(_("完成时限"), null=True, blank=True)
    measures = models.TextField(_("工作措施"), max_length=2000, blank=True)
    why_later = models.CharField(_("晚于反馈期限的理由"), max_length=500, blank=True)
    planned_at = models.DateTimeField(_("方案确定时间"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("交办")
        verbose_name_plural = _("交办")
        ordering = ["case", "round", "-is_lead", "department__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "department"],
                condition=Q(status__in=TAKES_PART),
                name="a_department_has_one_part_in_a_round",
                violation_error_message=_("该部门已在本轮责任单位之列。"),
            ),
            models.UniqueConstraint(
                fields=["case", "round"],
                condition=Q(is_lead=True, status__in=TAKES_PART),
                name="one_lead_in_a_round",
                violation_error_message=_("一件诉求只能有一个牵头单位。"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[AssignmentStatus.PLANNING, AssignmentStatus.WITHDRAWN])
                | Q(handler__isnull=False, planned_on__isnull=False, planned_at__isnull=False) & ~Q(measures=""),
                name="planned_with_handler_day_and_measures",
                violation_error_message=_("办理方案须有经办人、完成时限和工作措施。"),
            ),
        ]
        indexes = [
            # Read by a department's inbox: what it still owes.
            models.Index(
                fields=["department", "assigned_at"],
                condition=Q(status__in=["planning", "handling"]),
                name="assignment_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department}"
