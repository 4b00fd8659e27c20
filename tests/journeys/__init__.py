"""A package, so that what all journeys share ends with the last of them."""
