"""Our own apps, once: settings, interface and the list of refusals go through them in this order."""

APPS = (
    "organizations",
    "workflow",
    "pages",
    "intake",
    "accounts",
    "policies",
    "talents",
    "academies",
    "competitions",
    "subsidies",
    "audits",
    "reports",
    "portal",
)
