"""What may stand in an address of ours: `<secret:…>` and `<key:…>`."""

from django.urls import register_converter

from core.secrets import SECRET_PATTERN


class SecretConverter:
    """The secret part of a link; anything else is not found without a look at the database."""

    regex = SECRET_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class KeyConverter:
    """A row's number as far as a database counts; more digits name nothing."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(SecretConverter, "secret")
register_converter(KeyConverter, "key")
