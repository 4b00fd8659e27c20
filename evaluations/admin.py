"""The console on follow-ups. [3.9]"""

from django.contrib import admin

from core.console import NavGroup, ReadOnlyAdmin
from evaluations import admin_ratings
from evaluations.models import FollowUp

# They register themselves.
__all__ = ["admin_ratings"]


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.EVALUATION
    nav_order = 20
