"""A light on a page: {% load lights %}{{ obligation|light }}"""

from django import template

from deadlines.console import light_badge

register = template.Library()
register.filter("light", light_badge)
