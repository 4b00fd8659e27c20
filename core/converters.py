from core.secrets import SECRET_PATTERN


class SecretConverter:
    """The secret part of a link; anything else is not found without a look at the database."""

    regex = SECRET_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
