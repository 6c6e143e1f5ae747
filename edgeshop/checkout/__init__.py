"""The trade: grants, seats, tokens, receipt numbers, orders, tenders and reviews."""
