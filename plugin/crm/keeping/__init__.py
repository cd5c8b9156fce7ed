"""What a CRM tells of people for segments is kept in step: looks into it, and what an administrator chooses."""
