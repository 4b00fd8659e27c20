"""What tells whose case it is, is found wherever it stands and however it is written; what tells nothing is not.
[5.4]
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.identifying import MASK, Identity, Kind, core_of, find, masked, people_in

pytestmark = pytest.mark.clause("[5.4]")
WHO = Identity(
    names=("安宁永昌盛达冶金设备有限公司",),
    people=("张建国", "刘芳"),
    phones=("13887650001",),
    codes=("91530181MA6N000012",),
    emails=("zhang.jg@example.cn",),
    references=("26-24-7KQ4A",),
)
# A text as people write it, without what would be found in it by itself.
PLAIN = st.text(alphabet="企业反映办理材料多次往返，。；：“”部门当面核对清单 \n", max_size=40)
BETWEEN = st.sampled_from(["", " ", "　", "·", "-", "\u200b", "*", "”", " \n"])
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
WIDE = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")


def kinds(text: str, who: Identity = WHO, others: tuple[str, ...] = ()) -> set[Kind]:
    return {finding.kind for finding in find({"a": text}, who, others)}


def spread(word: str, signs: list[str]) -> str:
    """The word with signs between its characters."""
    return "".join(char + signs[place % len(signs)] for place, char in enumerate(word[:-1])) + word[-1]


@given(
    before=PLAIN,
    after=PLAIN,
    signs=st.lists(BETWEEN, min_size=1, max_size=4),
    word=st.sampled_from(["永昌盛达", "永昌盛达冶金设备", "安宁永昌盛达冶金设备有限公司", "张建国", "刘芳"]),
)
def test_names_are_found_anywhere_whatever_stands_between_their_characters(
    before: str, after: str, signs: list[str], word: str
) -> None:
    found = [finding for finding in find({"a": before + spread(word, signs) + after}, WHO) if finding.strict]
    assert {finding.kind for finding in found} == {Kind.PERSON if word in WHO.people else Kind.ENTERPRISE}


@given(
    before=PLAIN,
    after=PLAIN,
    signs=st.lists(BETWEEN, min_size=1, max_size=4),
    dress=st.sampled_from([{}, CHINESE, WIDE, CIRCLED]),
    number=st.one_of(
        st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
        st.from_regex(r"0871[2-9][0-9]{7}", fullmatch=True),
        st.just("13887650001"),
    ),
)
def test_numbers_are_found_in_any_dress(
    before: str, after: str, signs: list[str], dress: dict[int, str], number: str
) -> None:
    assert Kind.PHONE in kinds(before + spread(number.translate(dress), signs) + after)


@given(before=PLAIN, after=PLAIN, signs=st.lists(BETWEEN, min_size=1, max_size=3))
def test_codes_of_the_enterprise_are_found(before: str, after: str, signs: list[str]) -> None:
    assert Kind.DOCUMENT in kinds(before + spread("91530181ma6n000012".translate(WIDE), signs) + after)
    assert Kind.REFERENCE in kinds(before + spread("26-24-7kq4a", signs) + after)
    assert Kind.EMAIL in kinds(before + spread("zhang.jg@example.cn", signs) + after)


@given(before=PLAIN, after=PLAIN)
def test_masked_text_tells_nothing_any_more(before: str, after: str) -> None:
    text = f"{before}安宁永昌盛达冶金设备有限公司 张 建国 一三八 八七六五 〇〇〇一{after}"
    covered = masked(text, WHO)
    assert len(covered) == len(text)
    assert not [finding for finding in find({"a": covered}, WHO) if finding.strict]
    assert covered.startswith(before)
    assert MASK in covered


@given(PLAIN)
def test_plain_words_are_left_alone(text: str) -> None:
    assert find({"a": text}, WHO) == []
    assert masked(text, WHO) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请拨 68690000 咨询", Kind.PHONE),
        ("4008601234", Kind.PHONE),
        ("身份证号 53010119900101123X", Kind.DOCUMENT),
        ("信用代码 91530100MA6N0GHJ1X", Kind.DOCUMENT),
        ("发到 a.b@163.com", Kind.EMAIL),
        ("发到 a.b (at) 163.com", Kind.EMAIL),
        ("编号 26-7-ABCDE", Kind.REFERENCE),
        ("金晖路 1 号", Kind.ADDRESS),
        ("连然街 十二号", Kind.ADDRESS),
    ],
)
def test_patterns_that_stand_in_the_way(text: str, kind: Kind) -> None:
    found = find({"a": text}, Identity())
    assert {finding.kind for finding in found} == {kind}
    assert all(finding.strict for finding in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("王总表示认可", Kind.TITLE), ("李经理", Kind.TITLE), ("刘女士", Kind.TITLE), ("3 栋 502 室", Kind.HOUSE)],
)
def test_patterns_that_a_person_judges(text: str, kind: Kind) -> None:
    found = find({"a": text}, Identity())
    assert {finding.kind for finding in found} == {kind}
    assert not any(finding.strict for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-30 前办结，2024—2026年共办 120 件",
        "投资 12000000 元，年产 1500000 吨",
        "1,200,000 元",
        "分别为 100、200、300、400 家",
        "提高总量、汇总后总体向好，何总是往返",
        "云政发〔2024〕15号文件第3季度",
        "第一条第二款规定的二十个工作日",
        "周边两个地块、三条道路",
    ],
)
def test_what_tells_nothing_passes(text: str) -> None:
    assert find({"a": text}, Identity()) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("安宁永昌冶金设备有限公司", ("永昌冶金设备", "永昌")),
        ("云南连然新材料科技有限公司", ("连然新材料科技", "连然")),
        ("昆明宏图（云南）商贸有限责任公司安宁分公司", ("宏图云南商贸", "宏图")),
        ("云南天科技有限公司", ("天科技", "天科技")),
        ("安宁第1企业有限公司", ("第1企业", "第1企业")),
        ("云南冶金永昌设备厂", ("冶金永昌设备", "永昌")),
        ("安宁", ("安宁", "安宁")),
        ("", ("", "")),
    ],
)
def test_what_of_a_name_is_its_own(name: str, parts: tuple[str, str]) -> None:
    assert core_of(name) == parts


def test_a_piece_of_a_longer_name_is_for_a_person_to_judge() -> None:
    assert kinds("永昌公司反映") == {Kind.PIECE}
    assert kinds("盛达集团反映") == {Kind.PIECE}


def test_other_enterprises_are_found_by_their_whole_name() -> None:
    assert kinds("与安宁 宏图(云南)有限公司同办", others=("安宁宏图（云南）有限公司",)) == {Kind.OTHER}


def test_findings_say_the_words_as_they_stand_and_where() -> None:
    text = "反映人张　建国，电话１３８ 8765 0001。"
    found = find({"b": text}, WHO)
    assert [(finding.field, finding.words) for finding in found] == [("b", "张　建国"), ("b", "１３８ 8765 0001")]
    assert all(text[finding.start : finding.end] == finding.words for finding in found)


def test_an_empty_identity_finds_nothing_of_its_own() -> None:
    assert find({"a": "企业反映办理慢"}, Identity(names=("", " "), people=("",), phones=("",))) == []


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("张建国", {"张建国"}),
        ("李和平", {"李和平"}),
        ("张三和李四", {"张三", "李四", "张三和李四"}),
        ("陈 静", {"陈静"}),
        ("张建国（法定代表人）、李和平（财务经理）", {"张建国", "李和平"}),
        ("王建国 总经理，刘洋", {"王建国", "刘洋"}),
        ("财务总监刘洋；随行人员", {"刘洋"}),
        ("李经理", {"李经理"}),
        ("总经理、财务", set()),
        ("", set()),
    ],
)
def test_people_are_known_by_their_names_and_not_by_what_they_are(said: str, people: set[str]) -> None:
    assert people_in(said) == people
