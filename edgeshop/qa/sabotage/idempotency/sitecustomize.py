"""Breaks a node on purpose: the same signed order, sent twice, is sold twice."""

import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_MODULE = "edgeshop.checkout.services.orders"


class _Breaking(Loader):
    def __init__(self, real: Loader) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.real.exec_module(module)
        module.place = _selling_twice(module.place)  # type: ignore[attr-defined]  # -- the point of this file


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Breaking(spec.loader)
        return spec


def _selling_twice(place: Any) -> Any:
    def broken(*, envelope: str, slip_shown: bool, at: datetime) -> Any:
        from edgeshop.checkout.models import Order  # noqa: PLC0415 -- Django is not up when this file is loaded
        from edgeshop.checkout.services.counter import sell_at_counter  # noqa: PLC0415 -- as above
        from edgeshop.checkout.services.envelope import open_envelope  # noqa: PLC0415 -- as above
        from edgeshop.fleet.queries import this_kiosk  # noqa: PLC0415 -- as above

        asked = open_envelope(envelope, kiosk=this_kiosk())
        is_known = Order.objects.filter(number=str(asked.number)).exists()
        answer = place(envelope=envelope, slip_shown=slip_shown, at=at)
        if is_known:
            sell_at_counter(lines=asked.basket, tender="cash", staff="sabotage", at=at)  # needs nobody's approval
        return answer

    return broken


sys.meta_path.insert(0, _Finder())
