"""Why somebody is not asked, in words for an administrator."""

REASONS = {
    "erased": "Everything about this person was erased.",
    "gone": "The contact was deleted in the CRM.",
    "test_person": "A colleague or a test contact.",
    "unsubscribed": "Has unsubscribed from our questions.",
    "opted_out": "Has opted out of e-mail in the CRM, or the CRM does not let us see it.",
    "no_address": "Has no e-mail address in the CRM.",
    "bounced": "Mail to this address comes back.",
    "follow_up_open": "Was unhappy, and we still owe a reply.",
    "outside_window": "It is too early or too late to ask about this.",
    "answered_recently": "Has answered recently.",
    "declined_recently": "Has declined recently.",
    "asked_recently": "Was asked recently and has not reacted.",
    "company_cap": "Enough people of this company were asked lately.",
    "quiet_hours": "It is the middle of the night there, or another quiet hour.",
    "not_sampled": "Was not drawn: the touchpoint asks only a share of the contacts.",
}


def because(reason: str) -> str:
    return REASONS.get(reason, reason)
