"""The exchange between kiosk and cloud: facts up, changes down, resumable, one signed request at a time."""
