"""The bare user, the calendar, the bureau's settings, and the audit trail."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.history import HistoricalRecords


class User(AbstractUser):
    """A member of staff. What one may do comes from the membership in `departments`, never from this row."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("姓名"), max_length=50)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), default=timezone.now)

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("工作人员账号")
        verbose_name_plural = _("工作人员账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class FormerPassword(models.Model):
    """A hash that may not be chosen again soon."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("历史密码")
        verbose_name_plural = _("历史密码")
        ordering = ["-replaced_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.replaced_at:%Y-%m-%d}"


class Setting(models.Model):
    """The bureau's value for what `core.policy` calls ours; without a row the default holds."""

    key = models.CharField(_("代码"), max_length=50, unique=True, editable=False)
    value = models.CharField(_("取值"), max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("业务参数")
        verbose_name_plural = _("业务参数")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class CalendarYear(models.Model):
    """One version of a year: the State Council's notice, or our estimate until it comes."""

    class Source(models.TextChoices):
        OFFICIAL = "official", _("国务院办公厅通知")
        ESTIMATED = "estimated", _("推算（待通知）")

    year = models.PositiveSmallIntegerField(_("年份"))
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)
    in_force = models.BooleanField(_("现行有效"), default=True)
    entered_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("录入人")
    )
    # {"2026-01-01": ["holiday", "元旦"], …}: only the days that differ from the plain week, so that a superseded
    # version can still be read after its days are gone.
    exceptions = models.JSONField(_("放假和调休"), default=dict)

    class Meta:
        verbose_name = _("年度工作日历")
        verbose_name_plural = _("年度工作日历")
        ordering = ["-year", "-entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(in_force=True),
                name="one_calendar_version_in_force",
                violation_error_message=_("该年度已有现行有效的日历。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_source_display()}"


class CalendarDay(models.Model):
    """A day of a version in force. `working_days_to_date` makes a due date one look-up."""

    class Kind(models.TextChoices):
        WEEKDAY = "weekday", _("工作日")
        WEEKEND = "weekend", _("周末")
        HOLIDAY = "holiday", _("法定节假日")
        MAKEUP = "makeup", _("调休上班")

    date = models.DateField(_("日期"), primary_key=True)
    calendar = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=30, blank=True)
    is_working = models.BooleanField(_("上班"))
    # Working days from the first day of the table up to and including this one.
    working_days_to_date = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("日历")
        verbose_name_plural = _("日历")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["working_days_to_date"], condition=Q(is_working=True), name="one_working_day_for_each_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"


class AuditEntry(models.Model):
    """Who did what to which row, when, from what to what and why. Append-only: the database refuses the rest.

    Holds keys, never contact data. `subject` is e.g. "appointments.booking:412".
    """

    class By(models.TextChoices):
        STAFF = "staff", _("工作人员")
        HOLDER = "holder", _("企业（凭链接）")
        SYSTEM = "system", _("系统任务")
        ANYONE = "anyone", _("未登录")

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    by = models.CharField(_("身份"), max_length=10, choices=By)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("操作人")
    )
    action = models.CharField(_("事项"), max_length=60)
    subject = models.CharField(_("对象"), max_length=80, db_index=True)
    before = models.CharField(_("原状态"), max_length=200, blank=True)
    after = models.CharField(_("新状态"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    clause = models.CharField(_("条款"), max_length=20, blank=True)
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class Heartbeat(models.Model):
    """The last run of a periodic job; `last_error` names the error it ended with, "" when it went well."""

    job = models.CharField(_("任务"), max_length=80, unique=True)
    last_at = models.DateTimeField(_("最近运行"))
    last_count = models.PositiveIntegerField(_("办理件数"), default=0)
    last_error = models.CharField(_("错误"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["job"]

    def __str__(self) -> str:
        return self.job


class AuditSeal(models.Model):
    """A hash over a stretch of the trail and over the seal before it: a changed or missing row shows.

    Sealing is a job, not part of each write, so that no booking waits for another one's audit row.
    """

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("审计封存")
        verbose_name_plural = _("审计封存")
        ordering = ["last"]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class SearchText(models.Model):
    """What is searched of one row, folded: a pair of characters finds it, the whole word is looked for here."""

    pk = models.CompositePrimaryKey("part", "key")
    part = models.CharField(max_length=12)
    key = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        verbose_name = _("检索文本")
        verbose_name_plural = _("检索文本")

    def __str__(self) -> str:
        return f"{self.part} {self.key}"


class SearchGram(models.Model):
    """A pair of neighbouring characters, and a row in which it stands. The key is the index: nothing else is read."""

    pk = models.CompositePrimaryKey("part", "gram", "key")
    part = models.CharField(max_length=12)
    gram = models.CharField(max_length=2)
    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("检索字对")
        verbose_name_plural = _("检索字对")

    def __str__(self) -> str:
        return f"{self.part} {self.gram} {self.key}"
