"""What measures: every command prints one table with its goals, and exits non-zero when one is missed."""
