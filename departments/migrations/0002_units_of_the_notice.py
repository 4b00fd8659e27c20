"""The units that clause [2] names, and the inspection office of [3.9], with what each is there to answer."""

from django.db import migrations

UNITS = [
    (
        "市政务服务局",
        "bureau",
        "统筹全市“局长坐诊接诉”工作；负责政务服务事项办理、行政审批制度改革、公共资源交易和营商环境优化方面的诉求。",
    ),
    ("市工科信局", "member", "负责工业经济运行、企业技术改造、科技创新与成果转化、信息化建设、中小企业服务方面的诉求。"),
    ("市税务局", "member", "负责税收和社会保险费征收管理、税费优惠政策落实、发票使用和纳税服务方面的诉求。"),
    ("市统计局", "member", "负责企业入库纳统、统计调查与数据报送、统计业务指导方面的诉求。"),
    ("市发改局", "member", "负责项目审批、核准和备案，价格与收费管理，能源保障，重大项目协调推进方面的诉求。"),
    ("市市场监管局", "member", "负责经营主体登记、食品药品和特种设备安全监管、质量与计量、知识产权、公平竞争方面的诉求。"),
    ("市投促局", "member", "负责招商引资政策咨询、投资项目洽谈与落地服务、招商引资协议履行协调方面的诉求。"),
    ("市工商联", "member", "负责联系服务民营企业和商会，反映民营企业意见建议，协助维护企业合法权益。"),
    ("安宁产业园区管委会", "member", "负责园区规划建设、土地与标准厂房等要素保障、入园企业服务和园区公共配套方面的诉求。"),
    ("市政府办公室督查科", "inspection", "负责“局长坐诊接诉”工作的督促检查和回访核实。"),
]


def add_units(apps, schema_editor):
    """What a person entered before under the same name stays as it is."""
    department = apps.get_model("departments", "Department")
    for position, (name, kind, remit) in enumerate(UNITS, start=1):
        department.objects.get_or_create(name=name, defaults={"kind": kind, "remit": remit, "position": position * 10})


class Migration(migrations.Migration):
    dependencies = [("departments", "0001_initial")]
    operations = [migrations.RunPython(add_units, migrations.RunPython.noop)]
