"""The states of academies, subsidies and audits in which somebody is to act, and the tile that says so.

``RESTS`` are those in which nobody is; a new state belongs into one of the two.
"""

from organizations.models import User
from portal.selectors import home_for, tiles_for

WAITS = {
    "academies.review": {
        "draft": "待自评的评价件",
        "filed": "待初审的评价件",
        "endorsed": "待评定的评价件",
    },
    "academies.rectification": {"demanded": "待整改事项", "proved": "待复核销号"},
    "academies.trainingreport": {
        "draft": "待报送的报送",
        "prepared": "待签发的报送",
        "certified": "待接收的报送",
    },
    "subsidies.fund": {"open": "待提交的预算", "submitted": "待批准的预算"},
    "subsidies.grant": {
        "draft": "待提交的2026年市总补助申报",
        "submitted": "待审核的补助申报",
        "endorsed": "待批复的补助",
        "approved": "待制单的拨款",
        "paid": "待编制的2024年市总补助决算",
    },
    "subsidies.payment": {
        "planned": "待制单的拨款",
        "ordered": "待复核的拨款",
        "paid": "待登记回单",
    },
    "subsidies.allocation": {"drawn": "待批准的2026年市总补助分配方案"},
    "subsidies.budgetchange": {"drawn": "待批准的预算调整"},
    "subsidies.payeeaccount": {"held": "待回访确认的账户", "refused": "待填报收款账户"},
    "subsidies.claim": {
        "filed": "待核实的职工申领",
        "endorsed": "待批准的个人申领",
        "approved": "待付款的个人申领",
        "listed": "待复核的付款清单",
    },
    "subsidies.payout": {"drawn": "待复核的付款清单", "signed": "银行尚未回单的付款"},
    "subsidies.settlement": {
        "submitted": "待审定的决算",
        "returned": "待编制的2024年市总补助决算",
    },
    "audits.engagement": {"open": "实施中的审计项目", "reported": "待归档的审计项目"},
    "audits.paper": {"planned": "待查的底稿", "done": "待复核的底稿"},
    "audits.finding": {"draft": "待下达的审计发现", "issued": "审计发现整改中"},
}
RESTS = {
    "academies.review": {"graded"},
    "academies.rectification": {"closed", "dropped"},
    "academies.trainingreport": {"accepted"},
    "subsidies.fund": {"signed", "closed"},
    "subsidies.grant": {"settled", "refused"},
    "subsidies.payment": {"received", "bounced", "dropped"},
    "subsidies.allocation": {"signed", "dropped"},
    "subsidies.budgetchange": {"signed", "dropped"},
    "subsidies.payeeaccount": {"confirmed", "replaced"},
    "subsidies.claim": {"paid", "refused"},
    "subsidies.payout": {"cancelled"},
    "subsidies.settlement": {"confirmed"},
    "audits.engagement": {"closed"},
    "audits.paper": {"reviewed"},
    "audits.finding": {"closed", "withdrawn"},
}


def titles(who):
    who = User.objects.get(pk=who.pk)
    return {tile.title for tile in tiles_for(who, home_for(who)) if tile.waits}


def assert_waits(row, who):
    row.refresh_from_db()
    assert WAITS[row._meta.label_lower][row.state] in titles(who)
