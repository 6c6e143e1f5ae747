"""When to make contact, and for what."""
