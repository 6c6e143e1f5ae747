"""A cloud, kiosks and browsers in one process, on virtual time and a wire that fails, from one integer each run.

`edgeshop.qa.simulation.run.run(seed)` is one run; nothing in it is left to chance but what the seed decides.
"""
