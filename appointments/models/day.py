"""The day of the sitting: who has come, who is called, and the hall's screen. [3.3] [3.6]"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import ONCE_CALLED, ONCE_STARTED, BookingStatus, QueueStatus
from appointments.models.booking import Booking
from core.history import HistoricalRecords
from sessions_app.models import Session


class QueueEntryQuerySet(models.QuerySet["QueueEntry"]):
    def of_the_day(self) -> "QueueEntryQuerySet":
        """Without those whose booking was cancelled or ended otherwise after they had checked in."""
        present = [BookingStatus.ACCEPTED, BookingStatus.ATTENDED, BookingStatus.ABSENT]
        return self.filter(booking__status__in=present)

    def in_line(self) -> "QueueEntryQuerySet":
        """Who waits, in the order of being called: who was passed over stands behind the others. [3.6]"""
        waiting = self.of_the_day().filter(status=QueueStatus.WAITING)
        return waiting.order_by("passes", "booking__meet_at", "booking__slot__number")


class QueueEntry(models.Model):
    """A booking that has checked in, and its way through the day. [3.6]

    Each step keeps its last time; the audit trail keeps all of them.
    """

    booking = models.OneToOneField(
        Booking, on_delete=models.RESTRICT, related_name="queue_entry", verbose_name=_("挂号")
    )
    session = models.ForeignKey(
        Session, on_delete=models.RESTRICT, related_name="queue_entries", verbose_name=_("场次")
    )
    status = models.CharField(_("状态"), max_length=12, choices=QueueStatus)
    checked_in_at = models.DateTimeField(_("签到时间"), default=timezone.now)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("签到经办人")
    )
    called_at = models.DateTimeField(_("叫号时间"), null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("叫号人"),
    )
    desk = models.CharField(_("叫号席位"), max_length=20, blank=True)
    calls = models.PositiveSmallIntegerField(_("叫号次数"), default=0)
    passes = models.PositiveSmallIntegerField(_("过号次数"), default=0)
    started_at = models.DateTimeField(_("接诊开始"), null=True, blank=True)
    ended_at = models.DateTimeField(_("接诊结束"), null=True, blank=True)

    objects = QueueEntryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("候诊记录")
        verbose_name_plural = _("签到与叫号")
        ordering = ["-checked_in_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(calls=0, called_at__isnull=True, called_by__isnull=True, desk="")
                | Q(calls__gte=1, called_at__isnull=False, called_by__isnull=False) & ~Q(desk=""),
                name="a_call_says_when_by_whom_and_where",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ONCE_CALLED) | Q(calls__gte=1), name="who_was_called_has_a_call"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ONCE_STARTED, started_at__isnull=False)
                | ~Q(status__in=ONCE_STARTED) & Q(started_at__isnull=True),
                name="a_consultation_has_its_start",
            ),
            models.CheckConstraint(
                condition=Q(status=QueueStatus.DONE, ended_at__isnull=False)
                | ~Q(status=QueueStatus.DONE) & Q(ended_at__isnull=True),
                name="a_finished_consultation_has_its_end",
            ),
            models.CheckConstraint(
                condition=(Q(called_at__isnull=True) | Q(called_at__gte=F("checked_in_at")))
                & (Q(started_at__isnull=True) | Q(started_at__gte=F("called_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))),
                name="the_steps_of_the_day_are_in_order",
            ),
        ]
        indexes = [
            # Read by the call board and by who calls next.
            models.Index(fields=["session", "status"], name="queue_of_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.get_status_display()}"

    def waited(self, now: datetime) -> timedelta:
        """From check-in to the start of the consultation, or until now."""
        return (self.started_at or now) - self.checked_in_at

    def consulted(self, now: datetime) -> timedelta | None:
        """Length of the consultation, so far; None before it."""
        return (self.ended_at or now) - self.started_at if self.started_at else None


class BoardDevice(models.Model):
    """A screen in the hall, opened by a link of its own that can be revoked; only the link's hash is kept. [3.6]

    Without a history of its columns: it is written each minute by who looks; making and revoking are in the trail.
    """

    name = models.CharField(_("名称"), max_length=40)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("新增时间"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("新增人")
    )
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("最近在线"), null=True, blank=True)

    class Meta:
        verbose_name = _("大屏")
        verbose_name_plural = _("大屏")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
