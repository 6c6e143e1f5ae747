"""The vault under measurement: how fast, how small, how it behaves under attack, and what a stolen disk gives away."""
