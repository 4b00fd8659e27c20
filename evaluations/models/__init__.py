from evaluations.models.followups import FollowUp, FollowUpCall, FollowUpReason, Referral
from evaluations.models.ratings import Invitation, Rating

__all__ = ["FollowUp", "FollowUpCall", "FollowUpReason", "Invitation", "Rating", "Referral"]
