"""Barcodes for goods that no manufacturer numbered."""


def ean13_check_digit(digits: str) -> str:
    """The thirteenth digit for the twelve given. Source: GS1 General Specifications, 7.9 (weights 1 and 3)."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    return str(-total % 10)


def in_store_ean13(item: int) -> str:
    """A valid EAN-13 that cannot meet a manufacturer's: prefixes 20 to 29 are kept for use inside a shop."""
    body = f"210{item:09d}"
    return body + ean13_check_digit(body)
