"""One module per family of things; each draws its forms on a stage of 400 by 500."""
