"""The shape of a rating: two answers by one tap each, then what may be added. [3.8]"""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import policy
from core.forms import ChineseForm
from evaluations.enums import Reason
from evaluations.services import Opinion

YES, NO = "yes", "no"
# The two questions, in the order in which they are asked: both in the words of the notice.
QUESTIONS = ("consultation", "handling")


def answers_in(query: QueryDict) -> dict[str, str]:
    """The questions answered so far; what is no answer is asked again."""
    given = {name: query.get(name, "") for name in QUESTIONS}
    return {name: answer for name, answer in given.items() if answer in (YES, NO)}


class RatingForm(ChineseForm):
    """What is pressed at the end. Reasons are asked of who is not satisfied, and dropped of who is."""

    consultation = forms.ChoiceField(label=_("坐诊服务"), choices=[(YES, YES), (NO, NO)], widget=forms.HiddenInput)
    handling = forms.ChoiceField(label=_("办理情况"), choices=[(YES, YES), (NO, NO)], widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(
        label=_("不满意的原因"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可以多选，也可以不选。"),
    )
    comment = forms.CharField(
        label=_("还想说的"),
        max_length=policy.RATING_COMMENT_CHARACTERS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    call_back = forms.BooleanField(label=_("愿意接听回访电话"), required=False)

    def __init__(self, *args: Any, satisfied: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if satisfied:
            del self.fields["reasons"]

    def opinion(self) -> Opinion:
        data = self.cleaned_data
        return Opinion(
            consultation=data["consultation"] == YES,
            handling=data["handling"] == YES,
            reasons=tuple(data.get("reasons", ())),
            comment=data["comment"],
            call_back=data["call_back"],
        )
