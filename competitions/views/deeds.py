"""What is asked before a contest, an item, its results or one of them are moved on, and what follows from it."""

from __future__ import annotations

from django.http import Http404

from competitions import workflow
from competitions.services import entries, kinds, leaving, promotions, terms, trials
from pages.forms import WordsForm
from pages.views.deeds import Deed

CONTEST_DEEDS = {
    "announce": Deed(
        "发布竞赛",
        "现在发布这场竞赛吗？",
        workflow.announce,
        ("下级组织从现在起看得到竞赛和项目；", "报名期内，各单位可以为本单位职工报名。"),
        form=WordsForm,
        said="竞赛已发布",
    ),
    "close": Deed(
        "办结竞赛",
        "各项目成绩都已公布、没有未了事项，现在办结吗？",
        workflow.close,
        (
            "申诉、仲裁后的重评、取消成绩都已办完，申诉期已满才能办结；",
            "此后不再报名；",
            "成绩榜、晋升建议和记录都保留。",
        ),
        form=WordsForm,
        said="竞赛已办结",
    ),
    "change-kind": Deed(
        "同意更正级别、类别",
        "同意{row.kind_asked_by}提出的级别、类别更正吗？事由：{row.kind_asked_for}",
        kinds.change_kind,
        (
            "按新的级别、类别决定谁晋升、晋升到哪一级；",
            "不再符合的晋升建议随即撤回，符合的可重新提出；已登记证书的在项目页面列出，与发证部门核实。",
        ),
        said="级别、类别已更正",
        tone="bad",
    ),
    "keep-kind": Deed(
        "维持级别、类别",
        "维持原来的级别、类别吗？",
        kinds.keep_kind,
        ("更正的提议作废，事由计入留痕。",),
        said="级别、类别维持不变",
    ),
}
ITEM_DEEDS = {
    "draw": Deed(
        "抽签编号",
        "为还没有参赛号的参赛人抽签吗？",
        entries.draw_numbers,
        ("参赛号由种子决定，种子记入留痕，任何人都能重抽核对；", "已有的参赛号不变。"),
        form=None, said="抽签完成",
    ),
    "void": Deed(
        "作废抽签",
        "作废已抽的参赛号，全体重新抽签吗？",
        entries.void_draw,
        ("全体参赛人的参赛号收回，原抽签种子留痕；", "补报之后重新抽签编号，种子另记。"),
        said="抽签已作废，请重新抽签编号", tone="bad",
    ),
    "sign": Deed(
        "登记全体签署",
        "还没有签署的参赛人，都已在纸质参赛承诺上签名了吗？",
        terms.sign_all,
        ("全体参赛人登记为已签署现行的参赛承诺；", "请写明纸质承诺书由谁保管、存放在哪里，计入留痕。"),
        said="已登记全体签署",
    ),
    "code": Deed(
        "加密作品",
        "由您担任加密人，为已编号的作品抽取加密号吗？",
        entries.draw_codes,
        (
            "裁判、誊录人只看得到加密号；加密对照表在锁定之前只有您看得到；",
            "您此后不能在本项目评分、誊录或锁定成绩。",
        ),
        form=None, said="作品已加密",
    ),
    "qualify": Deed(
        "引入晋级选手",
        "按上一赛段公布的成绩引入晋级选手吗？",
        entries.take_over_qualified,
        (
            "名额以内（含并列）的选手登记为本赛段参赛人；",
            "已登记的不重复；不符合参赛条件的不引入，姓名和条款记入办理记录。",
        ),
        form=None, said="晋级选手已引入",
    ),
    "seed": Deed(
        "引入种子选手",
        "引入选树轮次已确认的人选吗？",
        trials.seed,
        (
            "该职业（工种）已确认的人选登记为种子选手，直接进入本赛段；",
            "已登记的不重复；不符合参赛条件的不引入，姓名和条款记入办理记录。",
        ),
        form=None, said="种子选手已引入",
    ),
    "give-back": Deed(
        "改回专家评审",
        "该职业（工种）改回专家评审吗？",
        trials.give_trade_back,
        (
            "竞赛取消、不再办理或者定错的，改回后选树轮次不再等待本项目的成绩；",
            "该职业（工种）的人选由专家评审，已引入的种子选手仍在参赛名单；",
            "事由记入办理记录，并通知轮次主办工会。",
        ),
        said="已改回专家评审",
    ),
    "check": Deed(
        "核对并锁定",
        "分数都已核对无误，现在锁定吗？",
        workflow.check_marks,
        ("锁定后不能再改分、改名单；", "还须另一人复核锁定，才能公布。"),
        form=WordsForm, said="已锁定，请另一人复核",
    ),
    "lock": Deed(
        "复核并锁定",
        "复核无误，现在锁定吗？",
        workflow.lock_marks,
        ("两人锁定后可以公布成绩；", "公布前确需改动的，一人申请、另一人同意后退回重评。"),
        form=WordsForm, said="成绩已锁定",
    ),
    "reopen": Deed(
        "申请退回重评",
        "申请退回重评吗？",
        workflow.ask_reopening,
        ("姓名已经对出，由另一人同意后分数才重新开放；", "公布成绩时，未办理的申请作废。"),
        said="已申请退回重评，待另一人同意", tone="bad",
    ),
    "unlock": Deed(
        "退回重评",
        "退回重评吗？",
        workflow.unlock_marks,
        ("分数重新开放，改动前后的分数都保留；", "改完须重新由两人锁定。"),
        said="已退回重评", tone="bad",
    ),
    "remark": Deed(
        "按仲裁重评",
        "按仲裁组的决定重评吗？",
        workflow.mark_anew,
        ("分数重新开放，已公布的成绩榜保留；", "改完须重新由两人锁定、公布第二版，并列出不同。"),
        said="已开放重评",
        tone="bad",
    ),
    "propose": Deed(
        "提出晋升建议",
        "按公布的成绩提出晋升建议吗？",
        promotions.propose,
        ("按参赛与晋升规则逐名提出，写明依据；名次以内不提出的，姓名和原因列在晋升建议页面；", "证书由人力社保部门核发，登记证书编号后等级才算提高。"),
        form=None, said="晋升建议已提出",
    ),
}  # fmt: skip
RESULT_DEEDS = {
    "publish": Deed(
        "公布成绩",
        "现在公布成绩吗？",
        workflow.publish,
        ("成绩榜冻结为一版，此后重评另出新版，本版保留；", "公布之日起可以申诉。"),
        form=WordsForm,
        said="成绩已公布",
    ),
}
#: Taking a published result away, and giving it back.
ENTRY_DEEDS = {
    "ask": Deed(
        "提出取消成绩",
        "提出取消{row.person}已公布的成绩吗？",
        leaving.ask_away,
        (
            "由另一位审批人或仲裁组成员决定，决定之前成绩照旧；",
            "事由随新版成绩榜公布，请勿写入个人隐私。",
        ),
        said="已提出取消成绩，待另一人决定",
        tone="bad",
    ),
    "take": Deed(
        "取消已公布的成绩",
        "同意取消{row.person}已公布的成绩吗？",
        leaving.take_away,
        (
            "团体项目全队一并取消；随即公布新版成绩榜，列出不同和事由，其后名次依次前移，重新计算申诉期；",
            "其他人的分数、其他项目不变；",
            "已授的称号随即提出撤销，待另一位审批人复核并收回证书；已晋升的在项目页面列出，与发证部门核实。",
        ),
        said="{row.person}的成绩已取消，新版成绩榜已公布",
        tone="bad",
    ),
    "keep": Deed(
        "维持成绩",
        "维持{row.person}已公布的成绩吗？",
        leaving.keep_result,
        ("取消成绩的提议作废，事由计入留痕。",),
        said="{row.person}的成绩维持不变",
    ),
    "restore": Deed(
        "恢复成绩",
        "按仲裁恢复{row.person}的成绩吗？",
        leaving.restore_result,
        (
            "团体项目全队一并恢复（退赛的同样恢复）；随即公布新版成绩榜，列出不同和事由，重新计算申诉期（正在重评的，随重评结果公布）；",
            "事由随新版成绩榜公布，请勿写入个人隐私；",
            "因取消成绩提出撤销的称号，由审批人重新复核；",
            "因此在后续赛段取消参赛、退赛的，该赛段尚在进行的随之恢复，已锁定、公布的通知其主办单位恢复。",
        ),
        said="{row.person}的成绩已恢复",
    ),
    "leave-out": Deed(
        "决定不再恢复",
        "{row.person}在上一赛段的成绩已恢复，决定不再恢复其本赛段的参赛吗？",
        leaving.leave_out,
        (
            "团体项目一并退出的队员同样不再恢复；本赛段照常锁定、公布、授奖；",
            "事由计入留痕，通知其所在单位；有异议的，可以在本赛段申诉期内申诉。",
        ),
        said="已决定不再恢复{row.person}的参赛",
        tone="bad",
    ),
}


def deed_or_404(deeds: dict[str, Deed], code: str) -> Deed:
    if code not in deeds:
        raise Http404
    return deeds[code]
