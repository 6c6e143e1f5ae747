"""The shelves: products, price books, taxes and stock. Knows no basket and no order."""
