"""A QR code in a photo: found where it is, refused where the file is no photo or too large."""

import io
import struct
import zlib

import pytest
import qrcode
from PIL import Image

from core.errors import Refused
from core.qr_reading import PHOTO_BYTES_MAX, SIDE_PIXELS, read_codes

ADDRESS = "https://clinic.example/c/" + "a" * 26 + "/"


def photo(
    text: str = ADDRESS, *, kind: str = "JPEG", turned: int = 0, size: tuple[int, int] = (1800, 1500)
) -> io.BytesIO:
    """A grey table with a code on it, as a phone would take it."""
    code = qrcode.QRCode(box_size=14, border=4)
    code.add_data(text)
    slip = code.make_image().get_image().convert("RGB")
    table = Image.new("RGB", size, (120, 118, 110))
    slip = slip.rotate(turned, expand=True, fillcolor=(120, 118, 110))
    table.paste(slip, (700, 500))
    file = io.BytesIO()
    table.save(file, kind)
    return file


def read(file: io.BytesIO) -> list[str]:
    return read_codes(file, file.getbuffer().nbytes)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 17, 90, 180])
def test_code_in_a_photo_is_read_in_any_position(kind: str, turned: int) -> None:
    assert read(photo(kind=kind, turned=turned)) == [ADDRESS]


def test_photo_without_a_code_gives_none() -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(file, "PNG")
    assert read(file) == []


def test_two_codes_are_both_read() -> None:
    picture = Image.open(photo("one")).convert("RGB")
    picture.paste(Image.open(photo("two")).crop((690, 490, 1300, 1100)), (1150, 850))
    file = io.BytesIO()
    picture.save(file, "JPEG")
    assert sorted(read(file)) == ["one", "two"]


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n" + b"0" * 32]
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="photo_kind"):
        read(io.BytesIO(content))


def test_a_cut_off_photo_is_refused() -> None:
    with pytest.raises(Refused, match="photo_kind"):
        read(io.BytesIO(photo(kind="PNG").getvalue()[:4000]))


@pytest.mark.parametrize("side", [9000, 60_000])
def test_a_picture_that_claims_too_many_pixels_is_refused_before_it_is_read(side: int) -> None:
    with pytest.raises(Refused, match="photo_too_large"):
        read(io.BytesIO(claiming(side)))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(Refused, match="photo_too_large"):
        read_codes(io.BytesIO(b""), PHOTO_BYTES_MAX + 1)


def test_a_large_photo_is_made_smaller_before_it_is_searched() -> None:
    assert SIDE_PIXELS < 3000
    assert read(photo(size=(6000, 4500))) == [ADDRESS]


def claiming(side: int) -> bytes:
    """The head of a PNG of this size, with hardly anything behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0" * 100)) + chunk(b"IEND", b"")
    )
