"""The pages of this room: signing in to a CRM, and the installations there are."""
