"""The alert service: rules, their evaluation, and who has taken what."""
