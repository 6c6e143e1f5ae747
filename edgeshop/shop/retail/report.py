"""What an import did, for people and as JSON."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

MALFORMED_SHOWN_MAX = 1_000  # a file of another format has errors on every line; the count goes on

_WHY = {
    "malformed": "do not fit the format",
    "cancellation": "belong to cancelled invoices (C...)",
    "bad_debt": "adjust bad debts (A...)",
    "not_goods": "are postage, fees, vouchers, samples and the like",
    "stock_correction": "correct stock",
    "no_price": "carry no price: corrections and gifts",
}
_NOTED = {
    "blank_descriptions": "sales without a description: counted, the name comes from other sales",
    "correction_descriptions": "descriptions that tell of stock, not of goods: ignored",
    "conflicting_codes": "article codes with several spellings: the most frequent one names the product",
    "nameless_codes": "article codes sold without ever being described: left out",
    "repeated_lines": "products entered twice in one invoice: kept once in the basket",
}
_LOADED = {
    "categories": "categories",
    "products": "products",
    "prices_changed": "prices new or changed",
    "book": "price book in force",
    "stock_levels_new": "stock levels new",
    "baskets": "baskets",
    "baskets_new": "of these new",
}


@dataclass(slots=True)
class Report:
    """Counts of lines read, used and skipped, and of what was written. Malformed lines with their number."""

    rows: int = 0
    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    loaded: dict[str, int] = field(default_factory=dict)
    malformed: list[tuple[int, str]] = field(default_factory=list)
    seconds: float = 0.0

    def note_malformed(self, line: int, why: str) -> None:
        """Count a line that does not fit, and remember it while there are few."""
        self.skipped["malformed"] += 1
        if len(self.malformed) < MALFORMED_SHOWN_MAX:
            self.malformed.append((line, why))

    def as_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        told = asdict(self) | {"skipped": {why: self.skipped[why] for why in _WHY}}
        told["noted"] = {what: self.noted[what] for what in _NOTED}
        return told | {"malformed": [{"line": line, "why": why} for line, why in self.malformed]}

    def as_lines(self) -> list[str]:
        """Everything, for a person to read."""
        told = [f"{self.rows:>9,} lines read, {self.used:,} of them sales of goods"]
        told += [f"{self.skipped[why]:>9,} lines skipped that {text}" for why, text in _WHY.items()]
        told += [f"{self.noted[what]:>9,} {text}" for what, text in _NOTED.items() if self.noted[what]]
        told += [f"{self.loaded[what]:>9,} {text}" for what, text in _LOADED.items() if what in self.loaded]
        told += [f"line {line}: {why}" for line, why in self.malformed]
        hidden = self.skipped["malformed"] - len(self.malformed)
        return [*told, f"... and {hidden:,} more malformed lines"] if hidden else told
