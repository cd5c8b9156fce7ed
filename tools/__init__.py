"""What the checkout needs besides Python packages: Node, PostgreSQL and Chromium."""


class CannotObtain(Exception):
    """Something is not to be had on this machine; the message says what a person can do."""
