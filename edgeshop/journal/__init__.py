"""What happened here, in order: append-only facts with their hash chain, and numbered changes for the kiosks."""
