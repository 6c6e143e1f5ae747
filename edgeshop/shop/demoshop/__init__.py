"""A small shop that comes with the product: a catalogue, its pictures and a history of baskets.

Plain Python and the same every time, so that a demo, a drill and a test all stand in the same shop. Nothing here
knows the database; whoever seeds one reads `catalogue`, `baskets` and `pictures`.
"""
