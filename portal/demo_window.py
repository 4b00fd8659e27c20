"""Sample questions at the window and frequent answers for the demonstration, made through the same verbs. [3.1]"""

from datetime import datetime, timedelta

from django.utils import timezone

from appointments.enums import ChoiceKind
from appointments.models import Choice
from appointments.selectors import consent_in_force
from core import audit, secrets
from core.models import User
from departments.models import Department
from inquiries import services
from inquiries.enums import Source
from inquiries.models import FrequentAnswer, Inquiry
from inquiries.services import Question

ANSWERS = [
    (
        "税务",
        "申请增值税留抵退税需要准备哪些材料？",
        "通过电子税务局提交《退（抵）税申请表》即可，一般不再另交纸质材料。纳税信用为 A 级或 B 级、"
        "申请前 36 个月未发生骗取留抵退税等情形的，可以申请。审核中需要补充说明的，主管税务所会一次性告知。",
    ),
    (
        "行政审批",
        "个体工商户怎样转为企业？",
        "到市政务服务中心企业开办专区或在线上“一窗通”申请“个转企”，原字号和统一社会信用代码的沿用由登记窗口"
        "当场核对。涉及许可的，在同一窗口一并变更。",
    ),
    (
        "要素保障",
        "工业企业用电增容怎样申请，要多长时间？",
        "在供电营业厅或网上国网办理，提交用电地址证明和设备清单。低压一般不超过 15 个工作日，高压按方案答复、"
        "设计审核、竣工检验分段承诺；需要线路走廊的，由供电部门会同属地街道协调。",
    ),
    (
        "融资",
        "小微企业申请贴息贷款找哪个部门？",
        "先在“信易贷”平台提交需求，由合作银行对接；创业担保贷款贴息由市人社局受理，"
        "产业类贴息由市工科信局按当年申报通知受理。",
    ),
    (
        "用工",
        "招不到技术工人，政府有什么渠道可以帮忙？",
        "可向市人社局公共就业服务机构登记用工需求，免费发布并参加每月的专场招聘；与职业院校的订单培养也由该机构牵线。",
    ),
]
QUESTIONS = [
    Question(
        text="我公司在产业园区租用厂房，想办理排污许可变更，法定代表人换了，需要重新做环评吗？",
        mobile="13887650011",
        company_name="安宁润泽环保材料有限公司",
        contact_name="李工",
    ),
    Question(text="外地企业想在安宁设分公司，社保开户和登记能不能一起办？", mobile="13987650012"),
    Question(text="与供货商有一笔货款纠纷，能不能约局长坐诊帮忙协调？", mobile="13687650013", contact_name="周女士"),
]
POINTER = "经营主体之间的货款纠纷属民事纠纷，坐诊不予受理。可先申请人民调解，不收费；调解不成的，依法起诉。"


def area(name: str) -> Choice:
    return Choice.objects.get(kind=ChoiceKind.AREA, name=name)


def make_window_samples() -> None:
    """Five published answers; a question that waits, one passed to a department, one pointed on."""
    FrequentAnswer.objects.bulk_create(
        FrequentAnswer(question=question, answer=text, area=area(name), position=10 * place, is_published=True)
        for place, (name, question, text) in enumerate(ANSWERS, start=1)
    )
    clerk = User.objects.get(username="clerk")
    now = timezone.now()
    asked = [
        _ask(question, now - timedelta(hours=hours)) for question, hours in zip(QUESTIONS, (5, 3, 2), strict=True)
    ]
    to = Department.objects.get(name="市市场监管局")
    services.pass_to_department(
        inquiry_id=asked[1].pk, department_id=to.pk, note="请答复登记环节", actor=clerk, now=now
    )
    services.point_on(
        inquiry_id=asked[2].pk, department_id=None, place="连然街道人民调解委员会", text=POINTER, actor=clerk, now=now
    )


def _ask(question: Question, now: datetime) -> Inquiry:
    return services.ask(
        question=question,
        source=Source.SITE,
        consent=consent_in_force(now),
        submission=secrets.new_submission(),
        actor=audit.ANYONE,
        now=now,
    )
