"""The small word tables from which names and descriptions are put together, in three languages."""
