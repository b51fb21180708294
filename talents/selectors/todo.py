"""What waits for whom after the nominations are in: the questions that make tiles of a home."""

from talents.selectors.declaring import declaration_queues, substitution_queues
from talents.selectors.endorsing import endorsement_queues, unit_notice_queues
from talents.selectors.growth import acceptance_queues, pair_queues, report_queues
from talents.selectors.honours import revocation_queues
from talents.selectors.panels import panel_queues
from talents.selectors.publicity import publicity_queues
from talents.selectors.reviews import desk_queues, expert_queues
from talents.selectors.steps import step_queues
from talents.selectors.studios import studio_queues
from talents.selectors.warnings import warning_queues

STAFF = (
    endorsement_queues,
    step_queues,
    desk_queues,
    substitution_queues,
    panel_queues,
    publicity_queues,
    revocation_queues,
    acceptance_queues,
    warning_queues,
    pair_queues,
    studio_queues,
)
NOMINATOR = (unit_notice_queues, report_queues, warning_queues)
EXPERT = (declaration_queues, expert_queues)
