"""Questions at the window, what was said about them, and the answers that everybody may read. [3.1]"""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from appointments.models import Booking, Choice, ConsentText
from core import policy, secrets
from core.history import HistoricalRecords
from core.models import User
from deadlines.models import Obligation
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of
from inquiries.enums import EntryKind, InquiryStatus, Source


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: User) -> "InquiryQuerySet":
        """The bureau and the inspection office see all; a department sees what was passed to it."""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role in ROLES_OF_DEPARTMENT:
            return self.filter(department=membership.department_id)
        return self

    def open(self) -> "InquiryQuerySet":
        """What waits for an answer, who waits longest first."""
        return self.filter(status=InquiryStatus.OPEN).order_by("opened_at", "pk")


class Inquiry(models.Model):
    """A question asked on the site or at the desk, with its own no-account page. [3.1]

    `opened_at` starts the clock of the current `round`: asking again starts the next one. `department` is whom the
    question was passed to; without one the window itself answers.
    """

    reference = models.CharField(_("咨询编号"), max_length=16, unique=True)
    status = models.CharField(_("状态"), max_length=12, choices=InquiryStatus)
    source = models.CharField(_("来源"), max_length=8, choices=Source)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("登记人")
    )
    link_seed = models.UUIDField(default=uuid.uuid4, editable=False)
    link_digest = models.CharField(max_length=64, unique=True, editable=False)
    submission_digest = models.CharField(max_length=64, unique=True, editable=False)

    asked_at = models.DateTimeField(_("提问时间"), default=timezone.now)
    opened_at = models.DateTimeField(_("本轮起算"), default=timezone.now)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    question = models.TextField(_("问题"), max_length=policy.QUESTION_CHARACTERS_MAX)
    area = models.ForeignKey(
        Choice, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("领域")
    )
    company_name = models.CharField(_("企业名称"), max_length=100, blank=True)
    contact_name = models.CharField(_("称呼"), max_length=50, blank=True)
    mobile = models.CharField(_("手机"), max_length=11)
    email = models.EmailField(_("邮箱"), max_length=100, blank=True)
    consent = models.ForeignKey(ConsentText, on_delete=models.RESTRICT, verbose_name=_("知情同意书版本"))

    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("答复部门")
    )
    # What is owed for the current round, and how the round before ended until there is another.
    obligation = models.ForeignKey(
        Obligation, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("答复时限")
    )
    booking = models.ForeignKey(
        Booking, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("帮办的挂号")
    )

    objects = InquiryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("窗口咨询")
        verbose_name_plural = _("窗口咨询")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=InquiryStatus.OPEN, closed_at__isnull=True)
                | (~Q(status=InquiryStatus.OPEN) & Q(closed_at__isnull=False)),
                name="closed_inquiry_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=InquiryStatus.BOOKED) | Q(booking__isnull=False),
                name="booked_inquiry_has_its_booking",
            ),
        ]
        indexes = [
            # Read by the list, the front page and "next".
            models.Index(fields=["opened_at"], condition=Q(status=InquiryStatus.OPEN), name="inquiry_open"),
            # Read by a question's page: what the same mobile asked before.
            models.Index(fields=["mobile"], name="inquiry_mobile"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def due(self) -> date | None:
        """The last day for a reply in the current round."""
        return self.obligation.last_day if self.obligation else None

    @property
    def secret(self) -> str:
        return secrets.derive(secrets.QUESTION, str(self.link_seed))


class Entry(models.Model):
    """What was added to a question or said in reply. Never changed, but for the asker's word whether it helped."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.RESTRICT, related_name="entries", verbose_name=_("窗口咨询"))
    kind = models.CharField(_("类别"), max_length=10, choices=EntryKind)
    round = models.PositiveSmallIntegerField(_("轮次"))
    text = models.TextField(_("内容"), max_length=policy.REPLY_CHARACTERS_MAX)
    written_at = models.DateTimeField(_("时间"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("答复人")
    )
    # Whose word it is towards the asker; none for what the asker wrote.
    unit = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("答复单位")
    )
    to_department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("指引部门")
    )
    to_place = models.CharField(_("指引渠道"), max_length=200, blank=True)
    helped = models.BooleanField(_("是否解决"), null=True, blank=True)

    class Meta:
        verbose_name = _("咨询往来")
        verbose_name_plural = _("咨询往来")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.POINTER) | Q(to_department__isnull=False) | ~Q(to_place=""),
                name="pointer_says_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.written_at:%Y-%m-%d %H:%M}"


class FrequentAnswer(models.Model):
    """A question and its answer for everybody, written anew so that it names nobody. [3.1]"""

    question = models.CharField(_("问题"), max_length=200)
    answer = models.TextField(_("答复"), max_length=policy.REPLY_CHARACTERS_MAX)
    area = models.ForeignKey(
        Choice,
        on_delete=models.RESTRICT,
        related_name="+",
        limit_choices_to={"kind": ChoiceKind.AREA},
        verbose_name=_("领域"),
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_published = models.BooleanField(_("公开"), default=False)
    # Which question it was written from: for the bureau alone.
    made_from = models.ForeignKey(
        Inquiry, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("常见问题")
        verbose_name_plural = _("常见问题")
        ordering = ["area__position", "area", "position", "pk"]

    def __str__(self) -> str:
        return self.question
