"""Ratings, follow-ups and referrals [3.8] [3.9]. Nothing here yet; see docs/clauses.md."""
