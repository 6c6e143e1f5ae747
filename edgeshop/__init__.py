"""EdgeShop: one code base, two roles (cloud and kiosk), and the shopper's PWA."""

__version__ = "0.1.0"
