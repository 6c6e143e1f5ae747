"""The door's verbs: composed answers for the PWA, seeds, search, and filling a shop."""
