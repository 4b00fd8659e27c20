"""What the console's templates need beside Django's own tags."""

from typing import Any

from django import template

from core.console import badge
from core.console_status import status_lines

register = template.Library()
register.simple_tag(badge)


@register.inclusion_tag("console/status.html", takes_context=True)
def machinery(context: dict[str, Any]) -> dict[str, Any]:
    """The state of the jobs, for those who look after them."""
    lines = status_lines(context["request"])
    return {"lines": lines, "problems": sum(line.problem for line in lines)}
