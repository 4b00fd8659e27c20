"""Words by which a name is told apart from what many names share. No sentences: they are recognised, never shown."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# What a name may begin or end with and be nobody's in particular.
PLACES = _words(
    """
    云南省 云南 昆明市 昆明 安宁市 安宁 滇中新区 滇中 中国 西南 滇 北京 上海 重庆 四川 成都
    广东 深圳 省 市
    """
)
LEGAL_FORMS = _words(
    """
    有限责任公司 股份有限公司 集团有限公司 有限公司 股份公司 集团公司 分公司 子公司 公司 集团 控股
    股份 有限合伙 普通合伙 合伙企业 农民专业合作社 专业合作社 合作社 个体工商户 经营部 营业部
    服务部 门市部 工作室 事务所 研究院 中心 总厂 分厂 厂
    """
)
TRADES = _words(
    """
    装备制造 机械设备 新材料 新能源 供应链 房地产 农副产品 农产品 人力资源 信息技术 精细化工
    冷链物流 文旅发展 文化旅游 电子商务 知识产权 科技 技术 材料 建材 设备 装备 机械 机电 电气
    电力 电子 能源 环保 环境 节能 冶金 钢铁 矿业 金属 化工 磷化 盐化 石化 制造 加工 制品
    实业 工业 商贸 贸易 物流 运输 仓储 冷链 食品 饮料 粮油 农业 种业 林业 牧业 花卉 生物
    医药 制药 医疗 健康 建筑 建设 工程 装饰 园林 绿化 市政 路桥 地产 置业 物业 投资 资产
    管理 咨询 服务 信息 网络 软件 数据 智能 通信 传媒 广告 文化 文旅 旅游 教育 培训 餐饮
    酒店 宾馆 汽车 汽贸 销售 开发 发展 经营 产业 企业 国际 包装 印刷 纺织 服装 家具 家居
    木业 塑料 橡胶 玻璃 陶瓷 水泥 混凝土 检测 劳务 商务 超市 百货 茶业 酒业 乳业 养殖 种植
    饲料 肥业 化肥 再生 资源
    """
)
# What people are in an enterprise, said beside their names.
CALLED = _words(
    """
    法定代表人 实际控制人 委托指定代表人 委托代理人 代理人 法人代表 法人 代表 董事长 董事 监事 总经理 副总经理 经理
    副总 总监 总裁 厂长 副厂长 主任 主管 负责人 联系人 经办人 会计 出纳 财务 行政 人事 项目 技术 办公室 秘书 助理
    律师 工程师 员工 股东 老板 先生 女士 同行人员 随行人员 陪同人员
    """
)
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖", "0012345678921123456789")
# The commonest family names, by which a form of address is recognised.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁沈姚卢姜崔钟谭陆汪范"
    "石廖贾韦夏付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常汤普施"
)
