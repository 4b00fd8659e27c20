from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.enums import ChoiceKind
from appointments.models import Choice
from core.forms import ChineseForm
from departments.enums import DepartmentKind
from departments.models import Department
from reports.models.typical import KEYWORDS_LENGTH_MAX, TITLE_MAX, WORDS_MAX


def words(label: object, help_text: object) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=WORDS_MAX,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class WriteForm(ChineseForm):
    """What a person writes; it may be kept half done."""

    title = forms.CharField(
        label=_("标题"), max_length=TITLE_MAX, help_text=_("写做法，不写企业，如“退税材料一次告知”。")
    )
    area = forms.ModelChoiceField(
        label=_("诉求领域"), queryset=Choice.objects.none(), required=False, empty_label=_("请选择")
    )
    department = forms.ModelChoiceField(
        label=_("牵头单位"), queryset=Department.objects.none(), required=False, empty_label=_("请选择")
    )
    situation = words(_("企业遇到的问题"), _("用“某企业”，不写名称、人员、电话和具体地址。"))
    handling = words(_("怎么办的"), _("哪些部门、用什么办法、多长时间。"))
    outcome = words(_("办成什么样"), _("结果要具体，能用数字说明的用数字。"))
    lessons = words(_("可推广的做法"), _("其他部门可以照着做的制度、流程或清单。"))
    keywords = forms.CharField(
        label=_("关键词"),
        max_length=KEYWORDS_LENGTH_MAX,
        required=False,
        help_text=_("最多 6 个，用顿号分开，供网站查找。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        areas, units = self.fields["area"], self.fields["department"]
        areas.queryset = Choice.objects.filter(kind=ChoiceKind.AREA, is_active=True).order_by("position", "pk")
        units.queryset = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)


class CheckForm(ChineseForm):
    """The checker's own word for the version that was read."""

    confirmed = forms.BooleanField(label=_("本人已核对，无法识别出企业和个人"), required=False)
    reason = forms.CharField(
        label=_("核对说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("系统提示了称谓、楼栋房号等内容的，说明为何无法据此识别。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
