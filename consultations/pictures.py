"""A signature is a picture by its content, and no larger than a hand on a tablet makes it."""

import io

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from consultations.enums import Side
from core.errors import Refused

SIGNATURE_BYTES_MAX = 200 * 1024
SIGNATURE_PIXELS_MAX = 2400
PNG_MARK = b"\x89PNG\r\n\x1a\n"


def check_signature(picture: bytes, side: str) -> None:
    """Refuses `too_large`, `not_a_signature`."""
    if side not in Side.values:
        raise Refused("not_a_signature", _("请选择签字方。"))
    if len(picture) > SIGNATURE_BYTES_MAX:
        raise Refused("too_large", _("签名图片过大，请清除后重签。"), field=f"signature_{side}")
    if not picture.startswith(PNG_MARK) or not _is_whole(picture):
        raise Refused("not_a_signature", _("签名未能识别，请清除后重签。"), field=f"signature_{side}")


def _is_whole(picture: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
            if max(image.size) > SIGNATURE_PIXELS_MAX:
                return False
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
