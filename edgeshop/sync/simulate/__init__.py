"""A fleet's month in seconds: what schedules cost and what they hurt."""
