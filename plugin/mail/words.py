"""Why a mail waits, was refused or is not owed any more, in words for an administrator."""

from plugin.deliveries.words import Words

_GOES_ON = "Nothing to do: it is tried again."

REASONS = {
    "mail_unreachable": Words("The mail server does not answer.", _GOES_ON),
    "mail_busy": Words("The mail server asks for a pause.", _GOES_ON),
    "mail_slow": Words("The mail server answers slowly.", _GOES_ON),
    "mail_tls": Words(
        "The connection to the mail server could not be secured.",
        "See the server's certificate and tls= in GENSVAR_MAIL_URL. It goes on by itself.",
    ),
    "mail_login": Words(
        "The mail server does not accept our user name and password.",
        "Correct GENSVAR_MAIL_URL and start again; nothing is lost.",
    ),
    "mail_plain_login": Words(
        "The mail server offers no secure connection, and a password is not sent over a plain one.",
        "Use smtps:// or a server with STARTTLS in GENSVAR_MAIL_URL and start again.",
    ),
    "mail_sender_refused": Words(
        "The mail server does not let us send from GENSVAR_MAIL_FROM.",
        "Give that address the right at the mail server, or set another one and start again.",
    ),
    "mail_refused": Words(
        "The mail server refused this mail, for another reason than the address.",
        "Look at the numbers and at the server's log, correct it, then replay the delivery.",
    ),
    "mail_off": Words(
        "Mail is off in this process.",
        "Set GENSVAR_MAIL_URL, GENSVAR_MAIL_FROM and GENSVAR_MAIL_REPLY_TO.",
    ),
    "reports_unreachable": Words("The mailbox for delivery reports does not answer.", _GOES_ON),
    "reports_tls": Words(
        "The connection to the mailbox for delivery reports could not be secured.",
        "See the server's certificate and tls= in GENSVAR_BOUNCE_URL. It goes on by itself.",
    ),
    "reports_login": Words(
        "The mailbox for delivery reports does not accept our user name and password.",
        "Correct GENSVAR_BOUNCE_URL and start again.",
    ),
    "reports_plain_login": Words(
        "The server of the delivery reports offers no secure connection, and a password is not sent over a plain one.",
        "Use imaps:// or a server with STARTTLS in GENSVAR_BOUNCE_URL and start again.",
    ),
    "reports_folder": Words(
        "The mailbox for delivery reports has no such folder.",
        "Correct folder= in GENSVAR_BOUNCE_URL and start again.",
    ),
    "answered": Words("The customer has answered."),
    "declined": Words("The customer has declined."),
    "expired": Words("The question is closed."),
    "archived": Words("The touchpoint was archived."),
    "no_such_ask": Words("The question is no longer here."),
    "resolved": Words("It was put right before the mail left."),
    "reminders_off": Words("The touchpoint does not remind any more."),
}

DOUBT = (
    "The work stopped while this mail was being handed over, or the server's reply was lost. "
    "It may have arrived, so it is not sent again by itself."
)
