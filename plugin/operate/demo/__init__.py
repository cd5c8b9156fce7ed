"""The demo: everything on this machine, with believable people, from a customer's answer to a rep's task."""
