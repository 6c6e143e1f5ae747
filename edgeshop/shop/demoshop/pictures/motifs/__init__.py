"""The motifs, and which of them goes down how on a surface."""
