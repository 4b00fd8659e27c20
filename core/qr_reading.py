"""QR codes in a photo that somebody sends: bounded, known by its content, decoded on the server."""

from typing import IO

import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image

from core.errors import Refused

PHOTO_BYTES_MAX = 10 * 1024 * 1024
# A phone's largest photo; what claims more is no photo.
PHOTO_PIXELS_MAX = 64_000_000
# Enough for a code that fills a tenth of the picture; decoding more only takes longer.
SIDE_PIXELS = 2000
KINDS = ("JPEG", "PNG", "WEBP")


def read_codes(file: IO[bytes], size: int) -> list[str]:
    """The texts of all QR codes in the photo, none when there is none.

    Refuses `photo_too_large`, `photo_kind`.
    """
    if size > PHOTO_BYTES_MAX:
        raise Refused("photo_too_large", _("照片超过 10 MB，请缩小后再试。"), field="photo")
    found = zxingcpp.read_barcodes(_grey(file), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found]


def _grey(file: IO[bytes]) -> Image.Image:
    """The picture without colour, no larger than needed. A JPEG is made smaller while it is read."""
    try:
        with Image.open(file, formats=KINDS) as picture:
            if picture.width * picture.height > PHOTO_PIXELS_MAX:
                raise Image.DecompressionBombError
            picture.draft("L", (SIDE_PIXELS, SIDE_PIXELS))
            grey = picture.convert("L")
    except Image.DecompressionBombError:
        raise Refused("photo_too_large", _("照片尺寸过大，请重新拍摄。"), field="photo") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refused("photo_kind", _("不是可识别的照片。请上传 jpg、png 或 webp。"), field="photo") from None
    grey.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    return grey
