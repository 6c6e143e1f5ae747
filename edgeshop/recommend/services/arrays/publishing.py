"""A new version of a file of arrays for the whole fleet: the fewest bytes that keep what it is good for.

Closed loop: what is signed as the whole file is what the delta arrives at, so all kiosks hold the same bytes however
they came by them.
"""

import hashlib
from dataclasses import dataclass, field, replace

from django.db import transaction

from edgeshop.journal.services import changes
from edgeshop.kernel.deltas import BadDelta, Candidate, Gate
from edgeshop.kernel.errors import NotFound
from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services import store
from edgeshop.recommend.services.arrays import delta
from edgeshop.recommend.services.arrays.file import ArrayFile
from edgeshop.recommend.services.arrays.gates import GateOf
from edgeshop.recommend.services.arrays.installed import install, read, target
from edgeshop.vault.services.artefacts import publishing
from edgeshop.vault.services.artefacts.receivers import delta_path
from edgeshop.vault.services.artefacts.repository import DELTA_SHARE_MAX

WHOLE, NOTHING = "the whole file", "nothing"


@dataclass(frozen=True, slots=True)
class Way:
    """The last step to a file at `path`, from what is signed there now; with it, the ways from earlier versions."""

    path: str
    base: bytes
    step: bytes

    def __call__(self, base: bytes, new: bytes) -> bytes:
        """What leads from a version to the new one. Raises: NotFound, BadDelta."""
        way = self.step if base == self.base else delta.join(self._before(base), self.step)
        if delta.apply(way, base) != new:  # what does not lead there must not be published
            raise BadDelta("This delta does not arrive at what it promises.", reason="result")
        return way

    def _before(self, base: bytes) -> bytes:
        way = publishing.published(delta_path(self.path, hashlib.sha256(base).hexdigest()))
        if way is None:
            raise NotFound("Nothing leads from there to the version before.", path=self.path)
        return way


@dataclass(frozen=True, slots=True)
class Plan:
    """How a new version travels. `data` is what is signed as the whole file; `way` makes the deltas that lead there.

    `form` is that of the delta; WHOLE where no delta is worth it, NOTHING where what is signed now passes the gate.
    """

    name: str
    data: bytes
    form: str = WHOLE
    quality: float | None = None
    candidates: list[Candidate] = field(default_factory=list)
    way: Way | None = None


def plan(name: str, data: bytes, gate_of: GateOf) -> Plan:
    """Try the forms of a delta from what is signed now; nothing is published. Raises: ArraysMalformed."""
    new = read(name, data)
    whole = Plan(name, new.to_bytes())
    signed = publishing.published(target(name))
    base = _readable(name, signed) if signed is not None else None
    if signed is None or base is None or not delta.is_alike(base, new):
        return whole
    return _from_base(whole, signed, base, new, gate_of(base, new))


def publish(plan: Plan) -> int | None:
    """Sign it, use it here and let the kiosks know; answers the targets' version, None for NOTHING.

    Raises: KeyMissing, KeystoreLocked; then the kiosks keep what they have.
    """
    if plan.form == NOTHING:
        return None
    version = publishing.publish(target(plan.name), plan.data, delta=plan.way)
    install(plan.name, plan.data)
    with transaction.atomic():
        changes(store.STREAM, plan.name)
    return version


def _readable(name: str, data: bytes) -> ArrayFile | None:
    """What is signed may be anything that somebody has published as a plain file."""
    try:
        return read(name, data)
    except ArraysMalformed:
        return None


def _from_base(whole: Plan, signed: bytes, base: ArrayFile, new: ArrayFile, gate: Gate) -> Plan:
    """The plan for a version before that is alike."""
    stale = gate.measure(delta.aligned(base, new.ids))
    if stale >= gate.floor and _ids(base) == _ids(new):
        return replace(whole, data=signed, form=NOTHING, quality=stale)
    found = delta.step(base, new, gate)
    if found is None:
        return whole
    step, file, chosen = found
    data = file.to_bytes()
    if len(step) > len(data) * DELTA_SHARE_MAX:
        return replace(whole, candidates=chosen.candidates)
    way = Way(target(whole.name), signed, step)
    return Plan(whole.name, data, chosen.form, chosen.quality, chosen.candidates, way)


def _ids(file: ArrayFile) -> list[int]:
    return [] if file.ids is None else file.ids.tolist()
