"""A person's own names for ways to look at the cases."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases import guards, permissions
from cases.enums import FilterPage
from cases.models import SavedFilter
from core.constraints import violated
from core.errors import Refused
from core.models import User

FILTERS_MAX = 20
NAME_CHARACTERS_MAX = SavedFilter._meta.get_field("name").max_length or 0
QUERY_CHARACTERS_MAX = SavedFilter._meta.get_field("query").max_length or 0


def save_filter(*, page: FilterPage, name: str, query: str, actor: User) -> SavedFilter:
    """Keep what the page is filtered by, for this person alone.

    Refuses `no_name`, `nothing_filtered`, `too_long`, `too_many`, `same_name`.
    """
    permissions.check_can_see_cases(actor)
    guards.check_text(name, "no_name", _("请填写名称。"), "name")
    guards.check_text(query, "nothing_filtered", _("当前没有筛选条件，请先选择条件再保存。"), "name")
    if len(name.strip()) > NAME_CHARACTERS_MAX or len(query) > QUERY_CHARACTERS_MAX:
        raise Refused("too_long", _("名称不超过 %s 个字，筛选条件不宜过多。") % NAME_CHARACTERS_MAX, field="name")
    if SavedFilter.objects.filter(owner=actor).count() >= FILTERS_MAX:
        raise Refused("too_many", _("常用筛选最多 %s 个，请先删除不用的。") % FILTERS_MAX, field="name")
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(owner=actor, page=page, name=name.strip(), query=query)
    except IntegrityError as error:
        if violated(error) != "one_filter_of_a_name_for_a_person":
            raise
        raise Refused("same_name", _("您已有同名的常用筛选，请换一个名称。"), field="name") from None


def remove_filter(*, filter_id: int, actor: User) -> FilterPage | None:
    """One's own; another person's is not there, nor one that is gone already. Returns whose page it was."""
    permissions.check_can_see_cases(actor)
    own = SavedFilter.objects.filter(pk=filter_id, owner=actor)
    page = own.values_list("page", flat=True).first()
    own.delete()
    return FilterPage(page) if page else None
