from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChineseForm
from reports.enums import ReportKind
from reports.figures.quarter import Quarter
from reports.guards import PART_CHARACTERS_MAX, TITLE_CHARACTERS_MAX

# How far back a quarter is offered: four years, as long as a bulletin is compared with.
QUARTERS_OFFERED = 16


class MakeForm(ChineseForm):
    """Which report of which quarter."""

    kind = forms.ChoiceField(label=_("种类"), choices=ReportKind)
    period = forms.ChoiceField(
        label=_("季度"), required=False, help_text=_("通报须选季度；报告选了季度的，附该季度的数据和图表。")
    )
    title = forms.CharField(
        label=_("标题"),
        max_length=TITLE_CHARACTERS_MAX,
        required=False,
        help_text=_("通报不填的，用“关于某年第几季度……工作情况的通报”。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = [Quarter.of(today).plus(-back) for back in range(QUARTERS_OFFERED)]
        named = [(quarter.key, quarter.title) for quarter in quarters]
        self.fields["period"].choices = [("", _("不限季度")), *named]
        # The bulletin is written when its quarter is over.
        self.initial.setdefault("period", named[1][0])

    @property
    def quarter(self) -> tuple[int | None, int | None]:
        quarter = Quarter.parse(self.cleaned_data["period"])
        return (quarter.year, quarter.number) if quarter else (None, None)


class SectionForm(ChineseForm):
    text = forms.CharField(
        label=_("内容"),
        required=False,
        max_length=PART_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("每段一行，以“（一）”“1.”“（1）”开头的按公文层次排版。留空则恢复由数据生成的文字。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class HeadForm(ChineseForm):
    title = forms.CharField(label=_("标题"), max_length=TITLE_CHARACTERS_MAX)
    number = forms.CharField(
        label=_("发文字号"), max_length=40, required=False, help_text=_("由发文流程给定；年份括号自动改为〔〕。")
    )
    addressee = forms.CharField(label=_("主送机关"), max_length=120)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class IssueForm(ChineseForm):
    number = forms.CharField(
        label=_("发文字号"), max_length=40, help_text=_("发文登记的字号，年份括号自动改为〔〕；印发后不能修改。")
    )


class ApproveForm(ChineseForm):
    """The version that was read: an approval of another one is refused."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
