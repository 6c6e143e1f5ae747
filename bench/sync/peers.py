"""The same workload, counted the same way, by peers: PouchDB 9 against express-pouchdb 4 (plain and gzip), and Morango
0.8 (plain and gzip).
"""

_MEASURED = {
    "initial_bytes": {
        "couchdb": 6_774_489,
        "couchdb_gzip": 2_399_902,
        "morango": 11_737_157,
        "morango_gzip": 1_311_262,
    },
    "initial_requests": {"couchdb": 504, "couchdb_gzip": 504, "morango": 54, "morango_gzip": 54},
    "change_1pct_bytes": {"couchdb": 74_658, "couchdb_gzip": 29_332, "morango": 136_072, "morango_gzip": 29_791},
    "idle_contact_bytes": {"couchdb": 6_320, "couchdb_gzip": 6_550, "morango": 35_477, "morango_gzip": 30_655},
    "orders_1000_bytes": {"couchdb": 712_650, "couchdb_gzip": 664_777, "morango": 141_828, "morango_gzip": 140_117},
}
PEERS = {f"{goal}_{peer}": value for goal, told in _MEASURED.items() for peer, value in told.items()}
