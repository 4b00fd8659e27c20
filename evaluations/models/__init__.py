from evaluations.models.followups import FollowUp, FollowUpCall, FollowUpReason, Referral

__all__ = ["FollowUp", "FollowUpCall", "FollowUpReason", "Referral"]
