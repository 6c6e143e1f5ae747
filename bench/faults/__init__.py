"""Deterministic simulation of faults: thousands of runs of a cloud, kiosks and browsers, each from one integer."""
