"""What the console's templates need beside Django's own tags."""

from django import template

from core.console import badge

register = template.Library()
register.simple_tag(badge)
