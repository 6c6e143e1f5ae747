"""`make bench-fleet`: a real cloud under a fleet of simulated kiosks."""
