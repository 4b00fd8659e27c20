"""The five grounds of [4.2], the first lists, and the first consent text."""

from datetime import UTC, datetime

from django.db import migrations

NOTICE_ISSUED = datetime(2024, 9, 27, tzinfo=UTC)
GROUNDS = [
    ("[4.2.1]", "没有明确投诉对象或具体的事实、理由与请求的", "请补充具体对象、事实和请求后再预约；仅需了解政策的，可直接到服务专窗咨询。"),
    ("[4.2.2]", "属于经营主体之间的民事纠纷问题的", "可向人民调解组织申请调解，或依法向仲裁机构申请仲裁、向人民法院起诉。"),
    (
        "[4.2.3]",
        "已进入监察机关、司法机关、公安机关、行政复议机关、仲裁机构等单位办理程序的投诉举报事项，包括已立案、尚未结案或已作出处理决定的",
        "请向正在办理的机关查询进展；对处理决定不服的，依法申请复议、复核或提起诉讼。",
    ),
    (
        "[4.2.4]",
        "企业已就投诉事项向政府其他投诉平台反映且已受理的，原则上不再重复受理",
        "请凭原受理编号向 12345 热线或原受理平台查询、催办。",
    ),
    ("[4.2.5]", "其他不属于营商环境监督职责范围的问题", "请拨打 12345 热线，或到服务专窗由工作人员指引到相应部门。"),
]
CHOICES = {
    "area": ["要素保障", "行政审批", "扶持政策", "市场监管", "税务", "融资", "用工", "法治", "其他"],
    "district": [
        "连然街道",
        "金方街道",
        "八街街道",
        "温泉街道",
        "青龙街道",
        "禄脿街道",
        "草铺街道",
        "太平新城街道",
        "县街街道",
        "安宁产业园区",
        "市外（拟投资）",
    ],
    "industry": [
        "冶金、化工",
        "装备制造",
        "新能源、新材料",
        "建材、建筑",
        "商贸、物流",
        "住宿、餐饮、文旅",
        "农业及农产品加工",
        "信息技术、科技服务",
        "其他",
    ],
}
CONSENT = """您填写的信息由安宁市政务服务局收集，用于本次“局长坐诊接诉”的预约、核实、通知、办理和回访。
信息仅提供给您选择的坐诊部门和负责督查的机关，不对外公开；不收集身份证件号码。
联系方式在办结三年后去标识化，办理记录依法归档。
您可随时查询、更正所填信息，或联系服务专窗（安宁市连然街道金晖路1号宁湖大厦裙楼1楼大厅）撤回同意；撤回后预约随之取消。"""


def fill(apps, schema_editor):
    ground = apps.get_model("appointments", "RefusalGround")
    ground.objects.bulk_create(ground(clause=c, text=t, turn_to=w) for c, t, w in GROUNDS)
    choice = apps.get_model("appointments", "Choice")
    choice.objects.bulk_create(
        choice(kind=kind, name=name, position=10 * place)
        for kind, names in CHOICES.items()
        for place, name in enumerate(names, start=1)
    )
    apps.get_model("appointments", "ConsentText").objects.create(text=CONSENT, in_force_from=NOTICE_ISSUED)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
