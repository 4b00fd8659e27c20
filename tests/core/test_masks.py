import pytest

from core.masks import mask_contact, mask_email, mask_mobile, mask_name


@pytest.mark.parametrize(
    ("mobile", "shown"),
    [("13888888000", "138****8000"), ("08718888", "********"), ("", ""), ("+8613888888000", "+86****8000")],
)
def test_mask_mobile(mobile, shown):
    assert mask_mobile(mobile) == shown


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳娜娜", "欧*"), ("", "")])
def test_mask_name(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("email", "shown"), [("wang@example.com", "w***@example.com"), ("@x.cn", "***@x.cn"), ("no", "**")]
)
def test_mask_email(email, shown):
    assert mask_email(email) == shown


@pytest.mark.parametrize(("contact", "shown"), [("13888888000", "138****8000"), ("li@a.cn", "l***@a.cn")])
def test_mask_contact_knows_its_kind(contact, shown):
    assert mask_contact(contact) == shown
