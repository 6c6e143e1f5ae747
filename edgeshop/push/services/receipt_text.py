"""A receipt as a plain mail: everything it says is on the slip too, and nothing in it calls home."""

from zoneinfo import ZoneInfo

from edgeshop.checkout.models import Order
from edgeshop.kernel.money import WHOLE_BP

_WORDS = {
    "en": ("Your receipt {number} from {shop}", "Total", "including tax at {rate} %", "plus tax at {rate} %",
           "You receive this mail once because somebody gave this address at the till."),
    "de": ("Ihr Beleg {number} von {shop}", "Summe", "darin Steuer zu {rate} %", "zuzüglich Steuer zu {rate} %",
           "Sie erhalten diese Nachricht einmalig, weil diese Adresse an der Kasse angegeben wurde."),
    "ar": ("إيصالكم {number} من {shop}", "المجموع", "منها ضريبة بنسبة {rate} %", "يضاف إليها ضريبة بنسبة {rate} %",
           "تصلكم هذه الرسالة مرة واحدة لأن هذا العنوان أُعطي عند الصندوق."),
}  # fmt: skip


def receipt_mail(order: Order, language: str) -> tuple[str, str]:
    """Subject and text of the mail, in one of the shop's three languages."""
    title, total, tax_in, tax_added, why = _WORDS.get(language, _WORDS["en"])
    shop = order.kiosk.shop
    heading = title.format(number=order.number_id, shop=" ".join(shop.name.split()))
    tax = tax_in if shop.inclusive else tax_added
    lines = [
        heading,
        order.placed_at.astimezone(ZoneInfo(shop.timezone)).strftime("%Y-%m-%d %H:%M"),
        "",
        *(f"{line.qty} × {line.name}  {_amount(order, line.line_minor)}" for line in order.lines.all()),
        "",
        f"{total}  {_amount(order, order.total_minor)}",
        *(
            f"{tax.format(rate=_rate(int(rate)))}  {_amount(order, minor)}"
            for rate, minor in sorted(order.tax_by_rate.items(), key=lambda row: int(row[0]))
        ),
        "",
        why,
    ]
    return heading, "\n".join(lines) + "\n"


def _amount(order: Order, minor: int) -> str:
    digits = order.kiosk.shop.exponent
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d} {order.currency}" if digits else f"{whole} {order.currency}"


def _rate(basis_points: int) -> str:
    return f"{basis_points * 100 / WHOLE_BP:g}"
