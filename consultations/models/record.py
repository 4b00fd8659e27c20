"""The record of one enterprise's consultation (坐诊服务工作记录表), and its versions from sign-off on. [3.6]"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import Booking
from cases.models import Case
from consultations.enums import Manner, Outcome, RecordStatus, Why
from core.history import HistoricalRecords
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of
from sessions_app.models import Session

SIGNED = Q(status=RecordStatus.SIGNED)
# What each outcome needs once signed, and what only it may hold. [3.6]
SOLVED_NEEDS = ~Q(solved_measures="") & ~Q(solved_manner="") & ~Q(solved_result="")
SOLVED_NONE = Q(solved_measures="", solved_manner="", solved_result="")
HANDED_OVER_NEEDS = Q(lead__isnull=False, due_on__isnull=False)
HANDED_OVER_NONE = Q(lead__isnull=True, due_on__isnull=True, promised_on__isnull=True)
EXPLAINED_NEEDS = ~Q(explained_why="") & ~Q(explanation="") & ~Q(help_offered="")
EXPLAINED_NONE = Q(explained_why="", explanation="", help_offered="")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: User) -> "ConsultationQuerySet":
        """The bureau and the inspection office see all; a department the sessions where it sits, and what was handed
        over to it."""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role not in ROLES_OF_DEPARTMENT:
            return self
        unit = membership.department_id
        sat = Session.objects.filter(chairs__department=unit)
        handed = Case.objects.filter(assignments__department=unit)
        return self.filter(Q(session__in=sat.values("pk")) | Q(booking__in=handed.values("booking")))


class Consultation(models.Model):
    """Who received the enterprise, what was asked and answered, and exactly one outcome. [3.6]

    A draft until it is signed off. `revision` counts the changes of the draft that were kept: who keeps says which one
    the hand at the keyboard had read, so that nothing of another's is overwritten unseen.
    """

    booking = models.OneToOneField(
        Booking, on_delete=models.RESTRICT, related_name="consultation", verbose_name=_("挂号")
    )
    session = models.ForeignKey(
        Session, on_delete=models.RESTRICT, related_name="consultations", verbose_name=_("场次")
    )
    status = models.CharField(_("状态"), max_length=6, choices=RecordStatus)
    # The day on which it was held: the limits of what is handed over count from it. [3.7]
    held_on = models.DateField(_("坐诊日期"))
    opened_at = models.DateTimeField(_("开始记录"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("开始记录的人")
    )

    visitors = models.CharField(_("企业到场人员"), max_length=200, blank=True)
    points = models.TextField(_("诉求要点"), max_length=2000, blank=True)
    reply = models.TextField(_("答复要点"), max_length=2000, blank=True)
    policy_basis = models.TextField(_("政策依据"), max_length=1000, blank=True)
    outcome = models.CharField(_("处理方式"), max_length=12, choices=Outcome, blank=True)
    solved_measures = models.TextField(_("措施"), max_length=1000, blank=True)
    solved_manner = models.CharField(_("方式"), max_length=8, choices=Manner, blank=True)
    solved_result = models.TextField(_("结果"), max_length=800, blank=True)
    lead = models.ForeignKey(
        Department,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任单位"),
    )
    assisting = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name=_("协办单位"))
    promised_on = models.DateField(_("承诺办结日期"), null=True, blank=True)
    # The limit told to the enterprise, as the case reckons it. [3.7]
    due_on = models.DateField(_("反馈期限"), null=True, blank=True)
    explained_why = models.CharField(_("解释事由"), max_length=12, choices=Why, blank=True)
    explanation = models.TextField(_("解释说明"), max_length=1000, blank=True)
    help_offered = models.TextField(_("协助支持"), max_length=800, blank=True)
    opinion = models.TextField(_("企业当场意见"), max_length=500, blank=True)
    recorder = models.CharField(_("记录人"), max_length=50, blank=True)

    revision = models.PositiveIntegerField(_("保存次数"), default=0)
    kept_at = models.DateTimeField(_("保存时间"), default=timezone.now)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("保存人")
    )
    # The last revision that somebody other than `kept_by` kept.
    others_revision = models.PositiveIntegerField(default=0, editable=False)
    signed_at = models.DateTimeField(_("签办时间"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签办人"),
    )

    objects = ConsultationQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[assisting])

    class Meta:
        verbose_name = _("坐诊记录")
        verbose_name_plural = _("坐诊记录")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=SIGNED & Q(signed_at__isnull=False, signed_by__isnull=False)
                | ~SIGNED & Q(signed_at__isnull=True, signed_by__isnull=True, due_on__isnull=True),
                name="signed_record_says_who_and_when",
                violation_error_message=_("签办须记明签办人和时间。"),
            ),
            models.CheckConstraint(
                condition=~SIGNED | ~Q(points="") & ~Q(reply="") & ~Q(outcome=""),
                name="signed_record_has_points_reply_and_outcome",
                violation_error_message=_("签办须有诉求要点、答复要点和处理方式。"),
            ),
            models.CheckConstraint(
                condition=~SIGNED
                | (Q(outcome=Outcome.SOLVED) & SOLVED_NEEDS)
                | (~Q(outcome=Outcome.SOLVED) & SOLVED_NONE),
                name="solved_record_has_measures_manner_and_result",
                violation_error_message=_("现场解决的，须记录措施、方式和结果。"),
            ),
            models.CheckConstraint(
                condition=~SIGNED
                | (Q(outcome=Outcome.HANDED_OVER) & HANDED_OVER_NEEDS)
                | (~Q(outcome=Outcome.HANDED_OVER) & HANDED_OVER_NONE),
                name="handed_over_record_has_department_and_limit",
                violation_error_message=_("交办的，须明确责任单位和期限。"),
            ),
            models.CheckConstraint(
                condition=~SIGNED
                | (Q(outcome=Outcome.EXPLAINED) & EXPLAINED_NEEDS)
                | (~Q(outcome=Outcome.EXPLAINED) & EXPLAINED_NONE),
                name="explained_record_has_explanation_and_help",
                violation_error_message=_("解释说明的，须写明事由、说明和协助支持。"),
            ),
            models.CheckConstraint(
                condition=Q(others_revision__lte=models.F("revision")), name="others_kept_no_later_revision"
            ),
        ]
        indexes = [
            # Read by the tablet: what was begun and not signed.
            models.Index(fields=["session", "id"], condition=Q(status="draft"), name="consultation_unsigned"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.booking.company_name}"

    @property
    def reference(self) -> str:
        """One number from the booking to the close-out."""
        return self.booking.reference

    @property
    def is_signed(self) -> bool:
        return self.status == RecordStatus.SIGNED


class Version(models.Model):
    """The record as it was signed, and each correction of it with its reason. The database refuses changes. [3.6]"""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.RESTRICT, related_name="versions", verbose_name=_("坐诊记录")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    made_at = models.DateTimeField(_("时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    # {"points": "…", "principal_3": "…"}: every field of the record by its name, as `consultations.fields` reads it.
    content = models.JSONField(_("内容"))

    class Meta:
        verbose_name = _("记录版本")
        verbose_name_plural = _("记录版本")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="each_version_of_a_record_once"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""),
                name="correction_says_why",
                violation_error_message=_("更正须写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} v{self.number}"

    @property
    def day(self) -> date:
        return timezone.localdate(self.made_at)
