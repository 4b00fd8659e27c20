"""The yearly schedule: sittings (期), their sessions (场), and the numbers (号) as rows. [3.2] [5.1]"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import policy
from core.history import HistoricalRecords
from departments.models import Department
from sessions_app.enums import SessionKind, SittingPhase, SittingStatus

if TYPE_CHECKING:
    from django.db.models.manager import RelatedManager


class SittingQuerySet(models.QuerySet["Sitting"]):
    def announced(self) -> "SittingQuerySet":
        return self.filter(status=SittingStatus.PUBLISHED)

    def with_free_numbers(self) -> "SittingQuerySet":
        """Adds `free`: public numbers that nobody holds."""
        free = Q(slots__taken=False, slots__session__isnull=True)
        return self.annotate(free=models.Count("slots", filter=free))


class Sitting(models.Model):
    """One fortnightly edition (期): its announcement, its five numbers, its sessions. [3.2]"""

    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("期次"))
    day = models.DateField(_("坐诊日期"), help_text=_("首场坐诊的日期"))
    status = models.CharField(
        _("状态"), max_length=10, choices=SittingStatus, default=SittingStatus.PLANNED, editable=False
    )
    publish_at = models.DateTimeField(_("定时发布"), null=True, blank=True)
    publish_problem = models.CharField(_("未能按时发布的原因"), max_length=300, blank=True, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, editable=False, verbose_name=_("发布人")
    )
    opens_at = models.DateTimeField(_("预约开放"), null=True, editable=False)
    closes_at = models.DateTimeField(_("预约截止"), null=True, editable=False)
    override_reason = models.CharField(_("特批理由"), max_length=500, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, editable=False)
    cancel_reason = models.CharField(_("取消原因"), max_length=500, blank=True, editable=False)
    remarks = models.CharField(_("备注"), max_length=200, blank=True)

    sessions: "RelatedManager[Session]"
    slots: "RelatedManager[Slot]"
    # Only on rows that were read with them: free public numbers, how many wait, whether a submission was answered.
    free: int
    waiting: int
    answered: bool
    objects = SittingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("坐诊期次")
        verbose_name_plural = _("坐诊日程")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="one_sitting_for_a_number_of_the_year",
                violation_error_message=_("该年度已有这一期。"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False, opens_at__isnull=False, closes_at__isnull=False)
                | Q(published_at__isnull=True, opens_at__isnull=True, closes_at__isnull=True),
                name="published_with_its_booking_window",
            ),
            models.CheckConstraint(
                condition=~Q(status=SittingStatus.PUBLISHED) | Q(published_at__isnull=False),
                name="published_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status=SittingStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=SittingStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="cancelled_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at"), opens_at__gte=F("published_at")),
                name="booking_opens_after_publication_and_before_it_closes",
                violation_error_message=_("预约开放时间应在发布之后、截止之前。"),
            ),
        ]
        indexes = [
            # Read by the publishing sweep.
            models.Index(
                fields=["publish_at"],
                condition=Q(status=SittingStatus.PLANNED, publish_at__isnull=False),
                name="sitting_publication_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:sitting", args=[self.pk])

    @property
    def title(self) -> str:
        return str(_("%(year)s年第%(number)s期")) % {"year": self.year, "number": self.number}

    def phase(self, now: datetime, free: int) -> SittingPhase:
        """Where the sitting stands for the public. `free`: public numbers nobody holds. [3.3]"""
        if self.status == SittingStatus.CANCELLED:
            return SittingPhase.CANCELLED
        if self.opens_at is None or self.closes_at is None:
            return SittingPhase.PLANNED
        if timezone.localdate(now) > self.day:
            return SittingPhase.OVER
        if now < self.opens_at:
            return SittingPhase.UPCOMING
        if now > self.closes_at:
            return SittingPhase.CLOSED
        return SittingPhase.OPEN if free else SittingPhase.FULL


class Session(models.Model):
    """One half-day or longer at one place (场). [3.6]"""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("期次"))
    kind = models.CharField(_("类型"), max_length=8, choices=SessionKind, default=SessionKind.MAIN)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=120, default=policy.WINDOW_PLACE)
    theme = models.CharField(_("主题/职责范围"), max_length=200, blank=True)
    liaison = models.CharField(_("联络员"), max_length=50, blank=True)
    liaison_phone = models.CharField(_("联络电话"), max_length=30, blank=True)
    departments = models.ManyToManyField(Department, through="Chair", verbose_name=_("坐诊部门"))

    chairs: "RelatedManager[Chair]"
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("场次")
        verbose_name_plural = _("场次")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("结束时间应晚于开始时间。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.starts_at):%m-%d %H:%M}"

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)


class Chair(models.Model):
    """A department at a session, and the principal leader who hosts there. [3.6]"""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="chairs")
    # For traceability a department that sat is deactivated, never deleted.
    department = models.ForeignKey(Department, on_delete=models.RESTRICT, verbose_name=_("部门"))
    is_lead = models.BooleanField(_("牵头"), default=False)
    leader_name = models.CharField(_("主要负责同志"), max_length=50, blank=True)
    leader_title = models.CharField(_("职务"), max_length=50, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("坐诊部门")
        verbose_name_plural = _("坐诊部门")
        ordering = ["-is_lead", "department__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "department"],
                name="a_department_once_in_a_session",
                violation_error_message=_("同一场次中该部门重复。"),
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(is_lead=True),
                name="one_lead_in_a_session",
                violation_error_message=_("同一场次只能有一个牵头部门。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.leader_name}{self.leader_title}"


class Slot(models.Model):
    """A number (号) as a row: 1 to 5 for the whole sitting; above 5 only with an extra session. [3.3]

    `taken` lets a claim skip what is gone; the proof that nobody else holds it is the constraint on bookings.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.RESTRICT, related_name="slots")
    number = models.PositiveSmallIntegerField(_("号"))
    session = models.ForeignKey(Session, on_delete=models.RESTRICT, null=True, blank=True, related_name="slots")
    taken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("号")
        verbose_name_plural = _("号")
        ordering = ["sitting_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="each_number_once_in_a_sitting"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=policy.NUMBERS_PER_SITTING, session__isnull=True)
                | Q(number__gt=policy.NUMBERS_PER_SITTING, session__isnull=False),
                name="five_numbers_and_extra_ones_only_with_an_extra_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}-{self.number}"
