"""Cases under "three handlings, one closure" [3.7]. Nothing here yet; see docs/clauses.md."""
