"""One module per category: its kinds of product and which motif meets which colour there."""
