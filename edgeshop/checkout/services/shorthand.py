"""How orders and numbers travel to the cloud: as what cannot be told from the price book, the tender and the number.

Both ends predict a body from its short form by the same code; where the real one says something else, that goes along.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from edgeshop.catalog.services import Pricer
from edgeshop.checkout.enums import Origin, Purpose
from edgeshop.checkout.models import Seat
from edgeshop.checkout.services.numbers import receipt_secret
from edgeshop.checkout.services.sale import SoldLine, business_day, content_sha256, lines_to_body
from edgeshop.checkout.services.tenders import tender_named
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.registry import Row, Shorthand, Writer
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import receipt_key, seat_id

_MISSING: Any = object()


class _Orders:
    """What a batch of orders is predicted with, read once: shop, prices by book, the secret of the receipt keys."""

    def __init__(self, writer: Writer, shorts: Iterable[Row]) -> None:
        self._writer, self._shop = writer, Kiosk.objects.select_related("shop").get(pk=writer.device_id).shop
        self._secret = receipt_secret(kiosk_id=writer.device_id, epoch=writer.epoch)
        products: dict[int, set[int]] = {}
        for short in shorts:
            products.setdefault(short["book"], set()).update(line["product"] for line in short["lines"])
        self._pricers = {book: Pricer(book, ids) for book, ids in products.items()}

    def predict(self, short: Row) -> Row:
        """The body that a short form most likely stands for. Raises: errors of the catalogue."""
        language = short.get("language", self._shop.default_language)
        basket = [(line["product"], line["qty"]) for line in short["lines"]]
        quoted = self._pricers[short["book"]].quote(basket, lang=language)
        lines = [
            SoldLine(line.product_id, line.qty, line.unit_minor, line.rate_bp, discount_minor=discount)
            for line, discount in zip(quoted.lines, quoted.totals.discounts, strict=True)
        ]
        sold = [(line.product_id, line.qty, line.unit_minor) for line in lines]
        totals = quoted.totals
        number = f"{self._shop.pk}-{self._writer.device_id}-{self._writer.epoch}-{short['seq']}"
        placed_at = datetime.fromtimestamp(short["at"], UTC)
        return self._who(short) | {
            "number": number,
            "book": short["book"],
            "is_slip_shown": "slip" in short,
            "currency": quoted.currency,
            "net_minor": totals.net_minor,
            "tax_minor": totals.tax_minor,
            "total_minor": totals.total_minor,
            "tax_by_rate": {str(rate): minor for rate, minor in totals.tax_by_rate.items()},
            "language": language,
            "receipt_key": receipt_key(self._secret, number) if self._secret else "",
            "envelope_sha256": content_sha256(
                number, short["book"], sold, totals.total_minor, short["tender"], language
            ),
            "placed_at": short["at"] * 1000,
            "committed_at": (short["at"] + short["after"]) * 1000,
            "business_day": business_day(placed_at, self._shop.timezone).isoformat(),
            "lines": lines_to_body(lines),
            "flags": [],
            "epoch": self._writer.epoch,
        }

    def _who(self, short: Row) -> Row:
        """Who sold, and what its tender makes of that."""
        terms = tender_named(short["tender"]).terms(purpose=Purpose.PHONE if "phone" in short else Purpose.SCREEN)
        return {
            "origin": Origin.SEAT,
            "seat_id": _seat(short, self._writer),
            "sold_by": "",
            "tender": short["tender"],
            "is_on_grant": terms.is_on_grant,
            "payment": terms.payment,
            "handover": terms.handover,
        }


def _seat(short: Row, writer: Writer) -> str:
    return str(seat_id(writer.device_id, writer.epoch, short["seat"])) if "seat" in short else ""


def _shorten_orders(bodies: list[Row], writer: Writer) -> list[Row]:
    seats = _serials((str(body.get("seat_id", "")) for body in bodies), writer)
    shorts = [_short_order(body, seats) for body in bodies]
    predicted = _predicted(shorts, writer)
    return [_rest(*parts) for parts in zip(bodies, shorts, predicted, strict=True)]


def _short_order(body: Row, seats: dict[str, Row]) -> Row:
    """What cannot be told from the rest; nothing of what is no order, which then travels whole."""
    try:
        return _told(body) | seats.get(body["seat_id"], {})
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return {}


def _told(body: Row) -> Row:
    placed_s = body["placed_at"] // 1000
    short = {
        "seq": int(body["number"].rpartition("-")[2]),
        "book": body["book"],
        "tender": body["tender"],
        "language": body["language"],
        "at": placed_s,
        "after": body["committed_at"] // 1000 - placed_s,
        "lines": [{"product": line[0], "qty": line[1]} for line in body["lines"]],
    }
    return short | ({"slip": True} if body["is_slip_shown"] else {})


def _predicted(shorts: list[Row], writer: Writer) -> list[Row | None]:
    """The bodies predicted, one by one; None where that cannot be done."""
    try:
        orders = _Orders(writer, filter(None, shorts))
    except EdgeShopError:
        return [None] * len(shorts)
    return [_tried(orders, short) for short in shorts]


def _tried(orders: _Orders, short: Row) -> Row | None:
    try:
        return orders.predict(short) if short else None
    except EdgeShopError:
        return None


def _rest(body: Row, short: Row, again: Row | None) -> Row:
    """The short form with what the prediction got wrong; the body itself where there is none."""
    if again is None:
        return {"other": body}
    other = {name: said for name, said in body.items() if again.get(name, _MISSING) != said}
    less = [name for name in again if name not in body]
    return short | ({"other": other} if other else {}) | ({"less": less} if less else {})


def _expand_orders(shorts: list[Row], writer: Writer) -> list[Row]:
    orders = _Orders(writer, (short for short in shorts if "seq" in short))
    return [_whole(orders.predict(short) if "seq" in short else {}, short) for short in shorts]


def _whole(predicted: Row, short: Row) -> Row:
    body = predicted | short.get("other", {})
    return {name: said for name, said in body.items() if name not in short.get("less", [])}


def _serials(ids: Iterable[str], writer: Writer) -> dict[str, Row]:
    """Seats of this life by their names, as a short form calls them."""
    known = Seat.objects.filter(pk__in={name for name in ids if name}, epoch=writer.epoch, serial__isnull=False)
    phone = {"phone": True}
    return {str(s.pk): {"seat": s.serial} | (phone if s.purpose == Purpose.PHONE else {}) for s in known}


def _shorten_minted(bodies: list[Row], writer: Writer) -> list[Row]:
    seats = _serials((body["seat"] for body in bodies), writer)
    return [_short_minted(body, seats) for body in bodies]


def _short_minted(body: Row, seats: dict[str, Row]) -> Row:
    seat, numbers, at = seats.get(body["seat"]), body["numbers"], body["at"]
    seqs = [seq for seq, _, _ in numbers]
    if seat is None or not seqs or seqs != [*range(seqs[0], seqs[0] + len(seqs))]:
        return {"other": body}
    grant = {"grant": body["grant"]} if body["grant"] else {}
    ends = [ends_s - at for _, _, ends_s in numbers]
    return seat | grant | {"seq": seqs[0], "at": at, "max": [most for _, most, _ in numbers], "life": ends}


def _expand_minted(shorts: list[Row], writer: Writer) -> list[Row]:
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=writer.device_id)
    return [_minted(short, writer, shop_id) for short in shorts]


def _minted(short: Row, writer: Writer, shop_id: int) -> Row:
    if "other" in short:
        return dict(short["other"])
    limits = zip(short["max"], short["life"], strict=True)
    return {
        "shop": shop_id,
        "epoch": writer.epoch,
        "seat": _seat(short, writer),
        "purpose": Purpose.PHONE if "phone" in short else Purpose.SCREEN,
        "grant": short.get("grant"),
        "at": short["at"],
        "numbers": [[short["seq"] + n, most, short["at"] + life] for n, (most, life) in enumerate(limits)],
    }


ORDERS = Shorthand(_shorten_orders, _expand_orders)
NUMBERS = Shorthand(_shorten_minted, _expand_minted)
