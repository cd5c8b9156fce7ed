"""Sets of people by rule, kept as data and evaluated in the database, and what the CRM tells of people for them."""
