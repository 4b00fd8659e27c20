"""Lists that the bureau keeps: choices, grounds of refusal, consent texts. [3.3] [4.2]"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from core.history import HistoricalRecords


class Choice(models.Model):
    """An entry of a list that the bureau keeps: demand areas, districts and parks, industries."""

    kind = models.CharField(_("清单"), max_length=10, choices=ChoiceKind)
    name = models.CharField(_("名称"), max_length=40)
    position = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("选项")
        verbose_name_plural = _("选项清单")
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="a_choice_once_in_its_list",
                violation_error_message=_("清单中已有此项。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RefusalGround(models.Model):
    """One of the five grounds on which a demand is not accepted, and where to turn instead. [4.2]"""

    clause = models.CharField(_("条款"), max_length=10, unique=True, editable=False)
    text = models.CharField(_("情形"), max_length=200, editable=False)
    turn_to = models.CharField(_("可向何处反映"), max_length=300)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("不予受理情形")
        verbose_name_plural = _("不予受理情形")
        ordering = ["clause"]

    def __str__(self) -> str:
        return self.text


class ConsentText(models.Model):
    """A version of what the enterprise agrees to; a booking keeps the version it saw."""

    text = models.TextField(_("告知内容"), max_length=2000)
    in_force_from = models.DateTimeField(_("启用时间"), default=timezone.now)

    class Meta:
        verbose_name = _("知情同意书")
        verbose_name_plural = _("知情同意书")
        ordering = ["-in_force_from", "-pk"]

    def __str__(self) -> str:
        return f"V{self.pk}"
