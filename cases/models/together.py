"""Cases seen together: linked (关联), merged (并案), or of a demand that many have (共性诉求). [3.7] [5.3]"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.enums import CommonStatus, TieStatus
from cases.models.case import Case
from core.history import HistoricalRecords
from core.models import User
from departments.enums import ROLES_OF_DEPARTMENT
from departments.models import Department
from departments.selectors import membership_of


class Tie(models.Model):
    """What a person bound together with a reason, and a person may undo with another. Nothing is deleted."""

    status = models.CharField(_("状态"), max_length=8, choices=TieStatus)
    reason = models.CharField(_("理由"), max_length=500)
    made_at = models.DateTimeField(_("办理时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("办理人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    undone_reason = models.CharField(_("撤销理由"), max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="%(class)s_says_why",
                violation_error_message=_("请填写理由。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=TieStatus.STANDING, undone_at__isnull=True, undone_by__isnull=True, undone_reason=""
                )
                | Q(status=TieStatus.UNDONE, undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason=""),
                name="%(class)s_undone_says_who_when_and_why",
                violation_error_message=_("撤销须记明撤销人、时间和理由。"),
            ),
        ]


class CaseLink(Tie):
    """Two cases that somebody found to belong together; the later one points at the earlier. Changes nothing else."""

    earlier = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("诉求"))
    later = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("关联诉求"))

    history = HistoricalRecords()

    class Meta(Tie.Meta):
        verbose_name = _("关联")
        verbose_name_plural = _("关联")
        constraints = [
            *Tie.Meta.constraints,
            models.CheckConstraint(
                condition=Q(earlier__lt=F("later")),
                name="link_is_of_two_cases_in_their_order",
                violation_error_message=_("不能与本件自身关联。"),
            ),
            models.UniqueConstraint(
                fields=["earlier", "later"],
                condition=Q(status=TieStatus.STANDING),
                name="two_cases_are_linked_once",
                violation_error_message=_("这两件诉求已关联。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} {self.later_id}"

    def other_of(self, case: Case) -> Case:
        return self.later if self.earlier_id == case.pk else self.earlier


class Merger(Tie):
    """Cases that are answered as one (并案). Each keeps its own page, limits, rating and close-out. [3.7]"""

    history = HistoricalRecords()

    class Meta(Tie.Meta):
        verbose_name = _("并案")
        verbose_name_plural = _("并案")

    def __str__(self) -> str:
        return f"{_('并案')} {self.pk}"


class MergedCase(models.Model):
    """A case's place in a merger. Every member has one, also the main case: so that none can stand in two. [3.7]"""

    merger = models.ForeignKey(Merger, on_delete=models.RESTRICT, related_name="members", verbose_name=_("并案"))
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("诉求"))
    is_main = models.BooleanField(_("主件"), default=False)
    # False once the merger is undone.
    is_standing = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = _("并案诉求")
        verbose_name_plural = _("并案诉求")
        ordering = ["-is_main", "case"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_standing=True),
                name="a_case_is_merged_once",
                violation_error_message=_("其中有诉求已并案，请先撤销原并案。"),
            ),
            models.UniqueConstraint(
                fields=["merger"],
                condition=Q(is_main=True),
                name="one_main_case_in_a_merger",
                violation_error_message=_("一次并案只能有一件主件。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merger_id} {self.case_id}"


class CommonDemandQuerySet(models.QuerySet["CommonDemand"]):
    def visible_to(self, user: User) -> "CommonDemandQuerySet":
        """The bureau and the inspection office see all; a department sees those that are put to it. [5.3]"""
        membership = membership_of(user)
        if membership is None:
            return self.none()
        if membership.role not in ROLES_OF_DEPARTMENT:
            return self
        own = CommonDemand.departments.through.objects.filter(department_id=membership.department_id)
        return self.filter(pk__in=own.values("commondemand_id"))


class CommonDemand(models.Model):
    """A demand that several enterprises have, studied once for all of them (共性诉求). [5.3]"""

    status = models.CharField(_("状态"), max_length=7, choices=CommonStatus)
    title = models.CharField(_("共性诉求"), max_length=60)
    note = models.TextField(_("共性问题"), max_length=1000, blank=True)
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("研究部门"))
    opened_at = models.DateTimeField(_("列入时间"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("列入人")
    )
    settlement = models.TextField(_("解决情况"), max_length=2000, blank=True)
    # What the enterprises of its cases are told of it, in a message's few words.
    told = models.CharField(_("告知企业"), max_length=100, blank=True)
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办结人"),
    )

    objects = CommonDemandQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[departments])

    class Meta:
        verbose_name = _("共性诉求")
        verbose_name_plural = _("共性诉求")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="common_demand_has_a_title", violation_error_message=_("请填写标题。")
            ),
            models.CheckConstraint(
                condition=Q(status=CommonStatus.SETTLED, settled_at__isnull=False, settled_by__isnull=False)
                & ~Q(settlement="")
                & ~Q(told="")
                | Q(status=CommonStatus.OPEN, settled_at__isnull=True, settled_by__isnull=True),
                name="settled_common_demand_says_who_when_and_how",
                violation_error_message=_("办结须记明办结人、时间、解决情况和告知企业的内容。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CommonDemandCase(models.Model):
    """A case that shows the common demand; taken out it stays on record. [5.3]"""

    item = models.ForeignKey(
        CommonDemand, on_delete=models.RESTRICT, related_name="entries", verbose_name=_("共性诉求")
    )
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name=_("诉求"))
    added_at = models.DateTimeField(_("列入时间"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("列入人")
    )
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("共性诉求所含诉求")
        verbose_name_plural = _("共性诉求所含诉求")
        ordering = ["item", "added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(removed_at__isnull=True),
                name="a_case_shows_one_common_demand",
                violation_error_message=_("其中有诉求已列入另一项共性诉求。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.case_id}"
