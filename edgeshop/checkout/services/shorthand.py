"""How orders and numbers travel to the cloud: as what cannot be told from the price book, the tender and the number,
whose minting told of the seat.

Both ends predict a body from its short form by the same code; where the real one says something else, that goes along.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from edgeshop.catalog.services import Pricer
from edgeshop.checkout.enums import Origin, Purpose, TenderCode
from edgeshop.checkout.models import Grant, Number, Seat
from edgeshop.checkout.services.numbers import receipt_secret
from edgeshop.checkout.services.sale import SoldLine, business_day, content_sha256, lines_to_body
from edgeshop.checkout.services.tenders import tender_named
from edgeshop.checkout.services.tokens import MINTED
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.registry import Beside, Row, Shorthand, Writer
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import receipt_key, seat_id

_MISSING: Any = object()
_TENDERS = (TenderCode.CASH, TenderCode.CARD, TenderCode.COUNTER, TenderCode.INVOICE)  # by place: only ever grows
_ALIKE_MAX = 1000  # numbers of one fact: what a stranger says must not fill a memory
_GRANT_BITS = 32  # of a grant's id, which ends in random bits; two alike would only make a batch travel plainly


class _Orders:
    """What a batch of orders is predicted with, read once: shop, prices by book, seats, the secret of receipt keys."""

    def __init__(self, writer: Writer, shorts: list[Row], beside: Beside) -> None:
        self._writer, self._shop = writer, Kiosk.objects.select_related("shop").get(pk=writer.device_id).shop
        self._secret = receipt_secret(kiosk_id=writer.device_id, epoch=writer.epoch)
        products: dict[int, set[int]] = {}
        for short in shorts:
            products.setdefault(short["book"], set()).update(line["product"] for line in short["lines"])
        self._pricers = {book: Pricer(book, ids) for book, ids in products.items()}
        self._seats = _seats(writer, {short["seq"] for short in shorts}, beside)

    def predict(self, short: Row) -> Row:
        """The body that a short form most likely stands for. Raises: errors of the catalogue."""
        language, tender = short.get("language", self._shop.default_language), _tender(short["tender"])
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
        seat, purpose = self._seats.get(short["seq"], ("", ""))
        return _who(seat, purpose, tender) | {
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
            "envelope_sha256": content_sha256(number, short["book"], sold, totals.total_minor, tender, language),
            "placed_at": short["at"] * 1000,
            "committed_at": (short["at"] + short["after"]) * 1000,
            "business_day": business_day(placed_at, self._shop.timezone).isoformat(),
            "lines": lines_to_body(lines),
            "flags": [],
            "epoch": self._writer.epoch,
        }


def _who(seat: str, purpose: str, tender: str) -> Row:
    """Who sold, and what its tender makes of that."""
    terms = tender_named(tender).terms(purpose=Purpose.PHONE if purpose == Purpose.PHONE else Purpose.SCREEN)
    return {
        "origin": Origin.SEAT,
        "seat_id": seat,
        "sold_by": "",
        "tender": tender,
        "is_on_grant": terms.is_on_grant,
        "payment": terms.payment,
        "handover": terms.handover,
    }


def _seats(writer: Writer, wanted: set[int], beside: Beside) -> dict[int, tuple[str, str]]:
    """For whom each number was minted, and for what kind of seat: in this batch, or before."""
    known = Number.objects.filter(kiosk=writer.device_id, epoch=writer.epoch, seq__in=wanted, seat_id__isnull=False)
    seats = {seq: (str(seat), purpose) for seq, seat, purpose in known.values_list("seq", "seat_id", "purpose")}
    for body in beside.get(MINTED, []):
        if body["epoch"] == writer.epoch:
            seats |= {seq: (body["seat"], body["purpose"]) for seq, _, _ in body["numbers"]}
    return seats


def _tender(said: int | str) -> str:
    return said if isinstance(said, str) else _TENDERS[said]


def _shorten_orders(bodies: list[Row], writer: Writer, beside: Beside) -> list[Row]:
    language = Kiosk.objects.values_list("shop__default_language", flat=True).get(pk=writer.device_id)
    shorts = [_short_order(body, writer, language) for body in bodies]
    predicted = _predicted(shorts, writer, beside)
    return [_rest(*parts) for parts in zip(bodies, shorts, predicted, strict=True)]


def _short_order(body: Row, writer: Writer, language: str) -> Row:
    """What cannot be told from the rest; nothing of what is no order of this life, which then travels whole."""
    try:
        return _told(body, writer, language)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return {}


def _told(body: Row, writer: Writer, language: str) -> Row:
    placed_s, tender = body["placed_at"] // 1000, body["tender"]
    _, _, epoch, seq = map(int, body["number"].split("-"))
    if epoch != writer.epoch:
        raise ValueError(epoch)  # of a life whose seats are not looked at
    short = {
        "seq": seq,
        "book": body["book"],
        "tender": _TENDERS.index(tender) if tender in _TENDERS else str(tender),
        "at": placed_s,
        "after": body["committed_at"] // 1000 - placed_s,
        "lines": [{"product": line[0], "qty": line[1]} for line in body["lines"]],
    }
    spoken = {} if body["language"] == language else {"language": body["language"]}
    return short | spoken | ({"slip": True} if body["is_slip_shown"] else {})


def _predicted(shorts: list[Row], writer: Writer, beside: Beside) -> list[Row | None]:
    """The bodies predicted, one by one; None where that cannot be done."""
    try:
        orders = _Orders(writer, list(filter(None, shorts)), beside)
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


def _expand_orders(shorts: list[Row], writer: Writer, beside: Beside) -> list[Row]:
    orders = _Orders(writer, [short for short in shorts if "seq" in short], beside)
    return [_whole(orders.predict(short) if "seq" in short else {}, short) for short in shorts]


def _whole(predicted: Row, short: Row) -> Row:
    body = predicted | short.get("other", {})
    return {name: said for name, said in body.items() if name not in short.get("less", [])}


def _shorten_minted(bodies: list[Row], writer: Writer, _beside: Beside) -> list[Row]:
    names = {body["seat"] for body in bodies}
    known = Seat.objects.filter(pk__in=names - {""}, epoch=writer.epoch, serial__isnull=False)
    phone = {"phone": True}
    seats = {str(s.pk): {"seat": s.serial} | (phone if s.purpose == Purpose.PHONE else {}) for s in known}
    return [_short_minted(body, seats) for body in bodies]


def _short_minted(body: Row, seats: Mapping[str, Row]) -> Row:
    seat, numbers, at = seats.get(body["seat"]), body["numbers"], body["at"]
    seqs = [seq for seq, _, _ in numbers]
    if seat is None or not seqs or seqs != [*range(seqs[0], seqs[0] + len(seqs))]:
        return {"other": body}
    grant = {"grant": UUID(body["grant"]).int % (1 << _GRANT_BITS)} if body["grant"] else {}
    return seat | grant | {"seq": seqs[0], "at": at} | _limits([(most, ends_s - at) for _, most, ends_s in numbers])


def _limits(limits: list[tuple[int, int]]) -> Row:
    """What each number may sell for how long; once where that is the same for all."""
    if len(set(limits)) == 1 and len(limits) <= _ALIKE_MAX:
        return {"count": len(limits), "each": limits[0][0], "lasts": limits[0][1]}
    return {"max": [most for most, _ in limits], "life": [life for _, life in limits]}


def _expand_minted(shorts: list[Row], writer: Writer, _beside: Beside) -> list[Row]:
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=writer.device_id)
    grants = _grants(writer) if any("grant" in short for short in shorts) else {}
    return [_minted(short, writer, shop_id, grants) for short in shorts]


def _grants(writer: Writer) -> dict[int, str]:
    """The grants of this life by the end of their ids, without any two that end alike."""
    ids = Grant.objects.filter(kiosk=writer.device_id, epoch=writer.epoch).values_list("id", flat=True)
    ends = Counter(pk.int % (1 << _GRANT_BITS) for pk in ids)
    return {end: str(pk) for pk in ids if ends[end := pk.int % (1 << _GRANT_BITS)] == 1}


def _minted(short: Row, writer: Writer, shop_id: int, grants: Mapping[int, str]) -> Row:
    if "other" in short:
        return dict(short["other"])
    return {
        "shop": shop_id,
        "epoch": writer.epoch,
        "seat": str(seat_id(writer.device_id, writer.epoch, short["seat"])),
        "purpose": Purpose.PHONE if "phone" in short else Purpose.SCREEN,
        "grant": grants[short["grant"]] if "grant" in short else None,
        "at": short["at"],
        "numbers": [[short["seq"] + n, most, short["at"] + life] for n, (most, life) in enumerate(_each(short))],
    }


def _each(short: Row) -> list[tuple[int, int]]:
    """The limits of each number. Raises: ValueError for more than anybody mints at once."""
    if "max" in short:
        return [*zip(short["max"], short["life"], strict=True)]
    if short["count"] > _ALIKE_MAX:
        raise ValueError(short["count"])
    return [(short["each"], short["lasts"])] * short["count"]


ORDERS = Shorthand(_shorten_orders, _expand_orders)
NUMBERS = Shorthand(_shorten_minted, _expand_minted)
