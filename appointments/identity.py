"""Credit codes and mobiles, brought to one spelling and checked."""

import re
import unicodedata

from stdnum.cn import uscc

# GB 32100-2015: no I, O, S, V, Z. The first place is the registering authority, the second the kind.
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
MOBILE = re.compile(r"1[3-9][0-9]{9}")


def normal_credit_code(text: str) -> str:
    """Full width to half, no spaces or hyphens, upper case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code_is_valid(code: str) -> bool:
    """Right characters and right check character. Not stdnum's whole check: it refuses lettered register classes."""
    return bool(CREDIT_CODE.fullmatch(code)) and uscc.calc_check_digit(code[:-1]) == code[-1]


def normal_mobile(text: str) -> str:
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+86|0086)", "", digits)


def mobile_is_valid(mobile: str) -> bool:
    return bool(MOBILE.fullmatch(mobile))


def identity_of(credit_code: str, mobile: str) -> str:
    """What tells enterprises apart: the code, or for an investor without one its mobile. [3.3] [4.1]"""
    return f"code:{credit_code}" if credit_code else f"mobile:{mobile}"
