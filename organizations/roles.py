"""The roles an account may hold at an organization, and the families rules speak of."""

from django.db import models


class Role(models.TextChoices):
    """What an account does at one organization and below it."""

    HANDLER = "handler", "经办人"
    APPROVER = "approver", "审批人"
    ACADEMY_MANAGER = "academy_manager", "学院管理员"
    NOMINATOR = "nominator", "推荐单位经办人"
    EXPERT = "expert", "评审专家"
    JUDGE = "judge", "裁判"
    CRAFTSMAN = "craftsman", "工匠（职工本人）"
    FINANCE = "finance", "财务人员"
    AUDITOR = "auditor", "经审人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


#: 三员: nobody holds two of them, nor one of them together with a business role (等保 8.1.5).
SEPARATED_ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
STAFF = frozenset({Role.HANDLER, Role.APPROVER})
STAFF_AND_OVERSIGHT = STAFF | {Role.FINANCE, Role.AUDITOR}
FILING = STAFF_AND_OVERSIGHT | {Role.NOMINATOR}
#: Who decides, pays, audits or administers: a password alone is not enough (等保 8.1.4.1 d).
SECOND_FACTOR = STAFF_AND_OVERSIGHT | SEPARATED_ADMINS
#: What somebody may stand in for while its holder is away. Not what is given to one person for what
#: that person knows or must not know: marks, judging, audit, and the three administrators.
LENDABLE = frozenset(
    {Role.HANDLER, Role.APPROVER, Role.FINANCE, Role.NOMINATOR, Role.ACADEMY_MANAGER}
)
BUSINESS = frozenset(set(Role) - SEPARATED_ADMINS)
EVERYBODY = frozenset(Role)
