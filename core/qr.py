"""QR codes as inline SVG, sharp at any size, without an image library."""

import re

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_svg(text: str) -> str:
    """An `<svg>` without width and height: the style sheet sets its size."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    code.add_data(text)
    svg = code.make_image().to_string(encoding="unicode")
    return re.sub(r' (width|height)="[^"]*"', "", svg, count=2)
