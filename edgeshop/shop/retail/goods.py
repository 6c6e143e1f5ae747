"""What the lines say about goods, gathered while they stream by: names, prices, units sold, baskets."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from edgeshop.shop.retail.report import Report
from edgeshop.shop.retail.rows import Malformed, Row, Skip, judge, numbered, parse

_RECENT = 25  # sales that tell today's price: enough that one wholesale deal or one slip does not
_PROGRESS = 100_000
_WEEK_S = 7 * 24 * 3600
_CORRECTION = re.compile(
    r"\?|\b(adjust\w*|damage\w*|damaged|lost|found|missing|thrown|throw away|wrong\w*|faulty|broken|crushed|mouldy|"
    r"rusty|smashed|cracked|unsaleable|barcode|counted|check|samples?|test|amazon|dotcom|ebay|returned|credit\w*|"
    r"mailout|showroom|incorrect\w*|oops|mix up)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Good:
    """One article code. Shapes: recent [<= 25] prices of the latest sales in file order."""

    spellings: Counter[str] = field(default_factory=Counter)
    recent: deque[Decimal] = field(default_factory=lambda: deque(maxlen=_RECENT))
    units: int = 0

    @property
    def name(self) -> str:
        """The most frequent spelling; the first one met wins a tie."""
        return self.spellings.most_common(1)[0][0] if self.spellings else ""

    @property
    def price(self) -> Decimal:
        """The latest normal price: the most frequent of the latest sales; the later one wins a tie."""
        return Counter(reversed(self.recent)).most_common(1)[0][0]


@dataclass(slots=True)
class Basket:
    """One invoice: when, and the article codes in the order they were entered."""

    at: datetime
    codes: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """Goods by article code, baskets by invoice, both in the order they were met."""

    goods: dict[str, Good] = field(default_factory=dict)
    baskets: dict[str, Basket] = field(default_factory=dict)

    @property
    def weeks(self) -> float:
        """How long the sales went on, at least one week."""
        times = [basket.at for basket in self.baskets.values()]
        return max(1.0, (max(times) - min(times)).total_seconds() / _WEEK_S) if times else 1.0


def gather(lines: Iterable[str], report: Report, *, limit: int | None, say: Callable[[str], None]) -> Gathered:
    """Read lines, at most `limit`, into goods and baskets; what is no sale of goods is counted in the report."""
    found = Gathered()
    for number, line in numbered(lines):
        if limit is not None and report.rows >= limit:
            break
        report.rows += 1
        if report.rows % _PROGRESS == 0:
            say(f"{report.rows:>9,} lines read")
        try:
            _take(found, report, parse(line))
        except Malformed as error:
            report.note_malformed(number, error.message)
    report.noted["conflicting_codes"] = sum(len(good.spellings) > 1 for good in found.goods.values())
    return found


def _take(found: Gathered, report: Report, row: Row) -> None:
    why = judge(row)
    if why is None:
        report.used += 1
        _sell(found, report, row)
        return
    report.skipped[why] += 1
    if why == Skip.CANCELLATION and row.code in found.goods:
        found.goods[row.code].units += min(0, row.quantity)


def _sell(found: Gathered, report: Report, row: Row) -> None:
    good = found.goods.setdefault(row.code, Good())
    good.recent.append(row.price)
    good.units += row.quantity
    spelling = " ".join(row.description.split())
    if not spelling:
        report.noted["blank_descriptions"] += 1
    elif _tells_of_stock(spelling):
        report.noted["correction_descriptions"] += 1
    else:
        good.spellings[spelling] += 1
    basket = found.baskets.setdefault(row.invoice, Basket(row.at))
    report.noted["repeated_lines"] += row.code in basket.codes
    basket.codes[row.code] = None


def _tells_of_stock(spelling: str) -> bool:
    """Goods are described in capitals; remarks about stock are not, or ask a question."""
    return not spelling.isupper() and bool(_CORRECTION.search(spelling))
