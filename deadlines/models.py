"""What somebody must do by when: obligations, every date they ever had and why, and their reminders. [3.4] [3.7]"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import HistoricalRecords
from core.models import CalendarYear, User
from deadlines.enums import Cause, ObligationStatus, TimerKind, TimerStatus, kind_label
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of

# Counts for "one for each": a void one makes room for the next.
STANDING = [ObligationStatus.OPEN, ObligationStatus.MET]


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def open(self) -> "ObligationQuerySet":
        return self.filter(status=ObligationStatus.OPEN)

    def visible_to(self, user: User) -> "ObligationQuerySet":
        """The bureau and the inspection office see all; a department sees its own."""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role in ROLES_OF_DEPARTMENT:
            return self.filter(department_id=membership.department_id)
        return self


class Obligation(models.Model):
    """What a debtor owes by a day. Being late is no status: it is a last day in the past on something open. [3.7]

    `due` is what the rule gives; `last_day` the earlier of it and `no_later_than`, and what lights and reminders go
    by. `original_day` is the first last day it ever had.
    """

    # Whose it is, e.g. "appointments.booking:412": the owning app's key, opaque here.
    owner = models.CharField(_("事项"), max_length=80)
    # The larger thing the owner is part of, e.g. the case of a feedback that waits for its check; else the owner.
    belongs_to = models.CharField(_("所属事项"), max_length=80)
    kind = models.CharField(_("类别"), max_length=30)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    # None: the bureau.
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("责任单位")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("经办人")
    )
    title = models.CharField(_("内容"), max_length=200)
    url = models.CharField(max_length=200, blank=True, editable=False)
    clause = models.CharField(_("条款"), max_length=20)
    legal_basis = models.CharField(_("法定时限依据"), max_length=200, blank=True)
    start = models.DateField(_("起算日"))
    working_days = models.PositiveSmallIntegerField(_("时限（工作日）"))
    due = models.DateField(_("规定期限"))
    # Somebody set `due` as a day: a new calendar moves it only off a rest day.
    due_is_set = models.BooleanField(_("指定日期"), default=False)
    no_later_than = models.DateField(_("最迟不晚于"), null=True, blank=True)
    last_day = models.DateField(_("到期日"))
    due_at = models.DateTimeField(_("到期时间"))
    original_day = models.DateField(_("最初到期日"))
    provisional = models.BooleanField(_("暂定"), default=False)
    # The current revision's number; the newest calendar version when the dates were last reckoned.
    revision = models.PositiveSmallIntegerField(_("期限版本"), default=1)
    calendar = models.ForeignKey(CalendarYear, on_delete=models.RESTRICT, editable=False, related_name="+")
    # A new calendar would end it on this earlier day: somebody decides, it never moves earlier by itself.
    earlier_due = models.DateField(_("日历调整后应提前至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=ObligationStatus, default=ObligationStatus.OPEN)
    opened_at = models.DateTimeField(_("开始时间"))
    met_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    voided_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    # Working days that it lay with who checks it: not the debtor's, whichever day it is measured against. [3.7]
    checked_working_days = models.PositiveSmallIntegerField(_("审核占用工作日"), default=0)
    # Working days late when it ended, part of one counting as one: against the day in force, and against the first.
    late_working_days = models.PositiveSmallIntegerField(_("超期工作日"), null=True, blank=True)
    late_working_days_original = models.PositiveSmallIntegerField(_("按最初期限超期"), null=True, blank=True)

    objects = ObligationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        ordering = ["last_day", "id"]
        indexes = [
            # Read by the lists and the front page: what is open, by its day.
            models.Index(fields=["last_day"], condition=Q(status="open"), name="obligation_open_by_day"),
            # Read by the owning app.
            models.Index(fields=["owner"], name="obligation_by_owner"),
            # Read by a case's page and list: all that is owed in it, by its day.
            models.Index(fields=["belongs_to", "last_day"], name="obligation_of_a_whole"),
            # Read by figures of a time.
            models.Index(fields=["kind", "last_day"], name="obligation_kind_by_day"),
            # Read by the calendar's sweep: what was reckoned with an older version.
            models.Index(fields=["calendar"], condition=Q(status="open"), name="obligation_open_by_calendar"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "department", "round"],
                condition=Q(status__in=STANDING, department__isnull=False),
                name="one_obligation_of_a_department",
                violation_error_message=_("该事项的同类时限已经存在。"),
            ),
            models.UniqueConstraint(
                fields=["owner", "kind", "round"],
                condition=Q(status__in=STANDING, department__isnull=True),
                name="one_obligation_of_the_bureau",
                violation_error_message=_("该事项的同类时限已经存在。"),
            ),
            models.CheckConstraint(
                condition=Q(status=ObligationStatus.VOID, voided_at__isnull=False)
                | (~Q(status=ObligationStatus.VOID) & Q(voided_at__isnull=True)),
                name="void_obligation_says_when",
                violation_error_message=_("已终止的时限须记明终止时间。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ObligationStatus.MET,
                    met_at__isnull=False,
                    late_working_days__isnull=False,
                    late_working_days_original__isnull=False,
                )
                | (~Q(status=ObligationStatus.MET) & Q(met_at__isnull=True)),
                name="met_obligation_says_when_and_how_late",
                violation_error_message=_("已办结的时限须记明办结时间和超期天数。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == ObligationStatus.OPEN

    @property
    def kind_label(self) -> str:
        return kind_label(self.kind)


class Revision(models.Model):
    """A date an obligation has or had, and why. Append-only: the database refuses the rest."""

    obligation = models.ForeignKey(Obligation, on_delete=models.RESTRICT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("版本"))
    cause = models.CharField(_("原因"), max_length=10, choices=Cause)
    # Last days; `before` is None in the first one.
    before = models.DateField(_("原到期日"), null=True)
    after = models.DateField(_("到期日"))
    due = models.DateField(_("规定期限"))
    # As long as the longest reason that an app above takes for a change.
    reason = models.CharField(_("说明"), max_length=1000, blank=True)
    # {"sentences": ["…"], "days": [["2026-10-01", null, "国庆节", false], …]}: as people read it, and each day after
    # the start with its number if it counts, what it is, and whether that is only estimated.
    explanation = models.JSONField(_("依据"))
    calendar = models.ForeignKey(
        CalendarYear, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name=_("日历版本")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name=_("操作人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("期限版本")
        verbose_name_plural = _("期限版本")
        ordering = ["obligation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "number"], name="one_revision_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.number} {self.after:%Y-%m-%d}"


class RevisionTold(models.Model):
    """Whether those concerned know of this change; None: not yet. Beside it, because it is append-only itself."""

    revision = models.OneToOneField(Revision, on_delete=models.RESTRICT, related_name="told")
    at = models.DateTimeField(_("告知时间"), null=True)

    class Meta:
        verbose_name = _("期限变更告知")
        verbose_name_plural = _("期限变更告知")
        indexes = [
            # Read by the sweep: what nobody was told of yet.
            models.Index(fields=["revision"], condition=Q(at__isnull=True), name="revision_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}"


class Timer(models.Model):
    """A step of the ladder for one date of an obligation: when somebody is told. [3.7]

    `fire_at` is the reminding hour of a working day, fixed when the timer is made.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.RESTRICT, related_name="timers")
    revision = models.ForeignKey(Revision, on_delete=models.RESTRICT, related_name="timers")
    kind = models.CharField(_("级别"), max_length=12, choices=TimerKind)
    fire_at = models.DateTimeField(_("提醒时间"))
    status = models.CharField(_("状态"), max_length=12, choices=TimerStatus, default=TimerStatus.PENDING)

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["fire_at", "id"]
        indexes = [
            # Read by the sweep: what is due, oldest first.
            models.Index(fields=["fire_at", "id"], condition=Q(status="pending"), name="timer_pending_by_time")
        ]
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind"], name="one_timer_of_a_kind_for_a_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.get_kind_display()}"


class Escalation(models.Model):
    """That a step was taken: who was told, and who took it up. `levels`: the steps told in this one message."""

    timer = models.OneToOneField(Timer, on_delete=models.RESTRICT, related_name="escalation")
    obligation = models.ForeignKey(Obligation, on_delete=models.RESTRICT, related_name="escalations")
    kind = models.CharField(_("级别"), max_length=12, choices=TimerKind)
    levels = models.JSONField(_("合并告知的级别"), default=list)
    # Keys of users.
    recipients = models.JSONField(_("告知对象"), default=list)
    at = models.DateTimeField(_("告知时间"))
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签收人"),
    )
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    note = models.CharField(_("处理情况"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("时限提醒")
        verbose_name_plural = _("时限提醒")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="acknowledged_by_somebody_at_some_time",
                violation_error_message=_("签收须同时记明签收人和时间。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.obligation}"
