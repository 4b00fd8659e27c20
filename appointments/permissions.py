GRANTS: dict[str, set[str]] = {}
