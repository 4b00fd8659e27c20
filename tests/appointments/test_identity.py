"""Who may book: an enterprise by its credit code, an investor without one by its mobile. [4.1]"""

from typing import Any

import pytest

from appointments.forms import TakeForm
from appointments.identity import credit_code_is_valid, identity_of, mobile_is_valid, normal_credit_code, normal_mobile

pytestmark = pytest.mark.clause("[4.1]")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# A real company's code, printed in many places.
KNOWN = "91110000600037341L"


def with_check_character(body: str) -> str:
    """GB 32100-2015 itself: weights are the powers of 3 modulo 31."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + ALPHABET[-total % 31]


OPERATING = with_check_character("91530181MA6N00001")
# A rural collective: a letter as the registering authority.
COLLECTIVE = with_check_character("N2530181MF0000001")
LETTER_IN_THE_AREA = with_check_character("9153018AMA6N00001")


@pytest.mark.parametrize("code", [KNOWN, OPERATING, COLLECTIVE, LETTER_IN_THE_AREA])
def test_credit_code_with_its_check_character_is_valid(code: str) -> None:
    assert credit_code_is_valid(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        KNOWN[:-1],
        KNOWN + "0",
        KNOWN[:-1] + "K",
        "91110000600037431L",  # two digits changed places
        KNOWN.lower(),
        *(f"{KNOWN[:9]}{letter}{KNOWN[10:]}" for letter in "IOSVZ"),
        "１１" + KNOWN[2:],
    ],
)
def test_credit_code_with_a_wrong_length_letter_or_check_character_is_not_valid(code: str) -> None:
    assert not credit_code_is_valid(code)


@pytest.mark.parametrize("place", range(17))
def test_credit_code_with_one_wrong_digit_is_not_valid(place: int) -> None:
    other = "1" if KNOWN[place] != "1" else "2"
    assert not credit_code_is_valid(KNOWN[:place] + other + KNOWN[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    ["９１１１００００６０００３７３４１Ｌ", " 9111 0000 6000 3734 1l ", "91110000-600037341-L", "91110000600037341l"],
)
def test_normal_credit_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normal_credit_code(typed) == KNOWN


@pytest.mark.parametrize(
    "typed", ["13887650001", "１３８８７６５０００１", "138 8765 0001", "+86 138-8765-0001", "008613887650001"]
)
def test_normal_mobile_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normal_mobile(typed) == "13887650001"
    assert mobile_is_valid(normal_mobile(typed))


@pytest.mark.parametrize("typed", ["", "1388765000", "138876500011", "12887650001", "0871-68691234", "1388765000a"])
def test_mobile_of_another_shape_is_not_valid(typed: str) -> None:
    assert not mobile_is_valid(normal_mobile(typed))


def test_identity_is_the_code_and_without_one_the_mobile() -> None:
    assert identity_of(KNOWN, "13887650001") == f"code:{KNOWN}"
    assert identity_of("", "13887650001") == "mobile:13887650001"


def form(**changes: Any) -> TakeForm:
    typed = {
        "enterprise_kind": "operating",
        "company_name": "安宁永昌冶金设备有限公司",
        "credit_code": OPERATING,
        "mobile": "13887650001",
    }
    return TakeForm(typed | changes)


def test_take_form_brings_code_and_mobile_to_one_spelling() -> None:
    typed = form(credit_code=f" {OPERATING.lower()[:8]} {OPERATING.lower()[8:]}", mobile="+86 138 8765 0001")
    assert typed.is_valid(), typed.errors
    assert (typed.application().credit_code, typed.application().mobile) == (OPERATING, "13887650001")


def test_take_form_takes_a_lettered_register_class() -> None:
    assert form(credit_code=COLLECTIVE).is_valid()


def test_take_form_of_an_operating_enterprise_needs_its_code() -> None:
    assert form(credit_code="").errors == {"credit_code": ["请填写统一社会信用代码。"]}


def test_take_form_of_an_investor_without_code_stands_by_its_mobile() -> None:
    typed = form(enterprise_kind="investing", credit_code="")
    assert typed.is_valid(), typed.errors
    assert typed.application().identity == "mobile:13887650001"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9153018", "统一社会信用代码应为 18 位，现为 7 位。"),
        (KNOWN[:-1] + "K", "统一社会信用代码有误，请对照营业执照核对（不含字母 I、O、S、V、Z）。"),
    ],
)
def test_take_form_says_at_the_field_what_is_wrong_with_a_code(code: str, sentence: str) -> None:
    assert form(credit_code=code).errors == {"credit_code": [sentence]}


def test_take_form_checks_the_code_of_an_investor_that_gives_one() -> None:
    assert "credit_code" in form(enterprise_kind="investing", credit_code="123").errors


def test_take_form_says_at_the_field_that_the_mobile_is_wrong() -> None:
    assert form(mobile="0871-68691234").errors == {"mobile": ["请填写 11 位手机号码。"]}
