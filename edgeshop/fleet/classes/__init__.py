"""Node classes: what kinds of boxes there are and what each may do."""

from edgeshop.fleet.classes.overrides import lay_over, read_overrides
from edgeshop.fleet.classes.policy import (
    GRADES,
    NODE_CLASSES,
    STREAMS,
    Cadence,
    ClassPolicy,
    GradeRules,
    GrantRules,
    Lanes,
    Privacy,
    Storage,
    read_class,
    read_policy,
)

__all__ = [
    "GRADES",
    "NODE_CLASSES",
    "STREAMS",
    "Cadence",
    "ClassPolicy",
    "GradeRules",
    "GrantRules",
    "Lanes",
    "Privacy",
    "Storage",
    "lay_over",
    "read_class",
    "read_overrides",
    "read_policy",
]
