"""Keys, signatures and sealed secrets. Signs and seals; knows no commerce."""
