"""`python -m edgeshop.shop.demo`: the demo without loading Django in the process that supervises it."""

import sys

from edgeshop.shop.demo.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
