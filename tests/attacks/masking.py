"""Attacks on what guards decisions about words of blind papers."""

#: Rows that a copy or a change is made of.
ROWS = {"talents_masking": "decision = 'show'"}
CHANGES = {
    "talents_masking": {
        "masking_decision_is_known": ("decision = 'x'",),
        "masking_is_of_two_characters_at_least": ("words = '赵'",),
        "masking_says_why": ("reason = ''",),
        "masking_shows_nothing_once_handed_out": ("is_late = true",),
    },
}
