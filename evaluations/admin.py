"""The console on ratings and follow-ups. [3.8] [3.9]"""

from evaluations import admin_followups, admin_ratings

# They register themselves.
__all__ = ["admin_followups", "admin_ratings"]
