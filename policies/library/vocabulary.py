"""The words in which documents count: what a policy may ask for, whether or not an app reads it yet.

A criterion may use these codes and the facts that apps register (``policies.facts``). A word that
no app reads is missing data for every subject, never a pass. Targets and standards count by these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a document counts."""

    code: str
    label: str
    unit: str
    explanation: str


_TERMS = (
    # about a person
    Term(
        "frontline_months",
        "一线工作月数",
        "个月",
        "各段一线生产现场工作经历按自然月合并计算：首月、末月都算，重叠只计一次，间断不计，计算到基准日所在月",
    ),
    Term("force_leading", "引领力事迹", "字", "推荐材料中引领力一栏的填写内容"),
    Term("force_practice", "实践力事迹", "字", "推荐材料中实践力一栏的填写内容"),
    Term("force_innovation", "创新力事迹", "字", "推荐材料中创新力一栏的填写内容"),
    Term("force_tackling", "攻关力事迹", "字", "推荐材料中攻关力一栏的填写内容"),
    Term("force_passing", "传承力事迹", "字", "推荐材料中传承力一栏的填写内容"),
    Term("lower_titles", "下一层级工匠称号", "项", "有效的区市级或企业（行业）级工匠称号"),
    Term("union_member", "工会会员", "", "是本市工会会员为1，否则为0"),
    Term(
        "certificate_rank",
        "职业技能等级",
        "级",
        "证书等级换算：学徒工0、初级工1、中级工2、高级工3、技师4、高级技师5、特级技师6、首席技师7",
    ),
    Term("contest_final_rank", "决赛名次", "名", "不取证竞赛设决赛时，本人在决赛中的名次"),
    Term("contest_semifinal_rank", "复赛名次", "名", "竞赛最高只到复赛时，本人在复赛中的名次"),
    Term("entrant_age", "周岁", "周岁", "参赛人到竞赛开始之日的周岁"),
    Term("months_in_city", "在本市学习或工作", "个月", "到竞赛开始之日在本市学习、工作的足月数"),
    # about an academy in a year
    Term("brands", "特色专业或职业（工种）品牌", "个", "有效登记的特色品牌数"),
    Term("trained_persons", "培训职工人数", "人", "本年培训职工，同一人只计一次"),
    Term("trained_person_times", "培训职工人次", "人次", "本年培训职工，按学员名册逐条计"),
    Term("practical_sessions", "实操培训期数", "期", "本年标明为实操的培训班数"),
    Term("practical_persons", "实操培训人数", "人", "本年参加实操培训的职工，同一人只计一次"),
    Term(
        "upgraded_growth",
        "提升技能职工人数增长率",
        "%",
        "本年通过培训提升技能等级的人数比上年增长的百分比",
    ),
    Term(
        "upgraded_share_growth",
        "提升技能职工占比增幅",
        "个百分点",
        "提升技能等级的职工占参训职工的比例比上年提高的百分点",
    ),
    Term("is_capital", "首都工匠学院", "", "层级为首都工匠学院为1，否则为0；示范性另计"),
    Term("is_demonstration", "示范性工匠学院", "", "是首都示范性工匠学院为1，否则为0"),
    Term(
        "longest_failing_streak",
        "最多连续不合格次数",
        "次",
        "历次审核评价中，接连不合格的最多次数；此后合格也不减少",
    ),
    Term("open_rectifications", "未完成整改", "项", "尚未销号的整改事项"),
    # about the programme
    Term("demonstration_academies", "首都示范性工匠学院", "家", "已建成的首都示范性工匠学院"),
    Term("capital_academies_built", "当年新建首都工匠学院", "家", "不含示范性工匠学院"),
    Term("capital_academies", "首都工匠学院总量", "家", "不含示范性工匠学院"),
    Term(
        "capital_coverage",
        "覆盖本工会的首都工匠学院",
        "家",
        "由该工会或其下级主管的首都工匠学院，有1家即为已覆盖",
    ),
    Term(
        "district_academies_built",
        "当年新建区（产业）工匠学院",
        "家",
        "按所属区总工会、产业工会分别计",
    ),
    Term("district_academies", "区（产业）工匠学院总量", "家", "按所属区总工会、产业工会分别计"),
    Term("national_great_named", "大国工匠培育人数", "人", "列入当年大国工匠培育对象的人数"),
    Term(
        "provincial_craftsmen_supported", "省部级工匠", "人", "各地各行业当年支持培养的省部级工匠"
    ),
    Term("city_craftsmen_supported", "市级工匠", "人", "各地各行业当年支持培养的市级工匠"),
    Term("beijing_great_named", "北京大工匠", "人", "本届选树的北京大工匠"),
    Term("district_craftsmen_named", "区级（产业级）工匠", "人", "当年选树的区级（产业级）工匠"),
    Term("unit_craftsmen_named", "企事业单位工匠", "人", "当年选树的企事业单位工匠"),
    Term("seed_craftsmen", "新孵化种子工匠", "名", "当年登记的种子工匠，同一人只计一次"),
    Term("frontline_fund_share", "一线职工培训经费占比", "%", "职工教育经费用于一线职工培训的比例"),
    Term("small_results", "“五小”成果", "项", "当年登记的小发明、小创造、小革新、小设计、小建议"),
    Term("self_assessing_enterprises", "自主评价企业", "个", "建立职业技能等级自主评价机制的企业"),
    Term("level_certificates", "职业技能等级证书", "人次", "累计颁发的职业技能等级证书"),
    Term("contests_held", "职工职业技能竞赛", "场次", "当年承办或主办的各级各类竞赛"),
    Term("contest_chains", "开展竞赛的产业链", "条", "当年有竞赛的产业链，各计一条"),
    Term("contest_participations", "参赛人次", "人次", "当年参赛人次"),
    Term("level_promotions", "晋升技能等级人数", "人", "当年晋升一个技能等级的职工"),
    Term("yantai_great_named", "烟台大工匠", "名", "当年选树的烟台大工匠"),
    Term("yantai_named", "烟台工匠", "名", "当年选树的烟台工匠"),
    Term("mentor_pairs", "师徒结对", "对", "累计签订协议的师徒对数"),
    Term("qilu_titles", "齐鲁（大）工匠", "人次", "累计获得齐鲁大工匠、齐鲁工匠的人次"),
    Term("yantai_titles", "烟台（大）工匠", "人次", "累计获得烟台大工匠、烟台工匠的人次"),
    Term(
        "local_titles", "区市、行业（企业）、校园小工匠", "人次", "累计获得下一层级工匠称号的人次"
    ),
    Term("high_skilled_persons", "高技能人才", "人", "高级工及以上技能人才总量"),
)

TERMS: dict[str, Term] = {term.code: term for term in _TERMS}
