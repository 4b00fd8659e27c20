"""The bureau's own words on a public page: {% load words %}{% ours_words "page_notice" as notice %}"""

from django import template

from core.policy import OURS
from core.selectors import ours_words

register = template.Library()


@register.simple_tag(name="ours_words")
def words_in_force(key: str) -> str:
    return ours_words(OURS[key])
