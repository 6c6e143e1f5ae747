#!/usr/bin/env python
"""The one entry point: picks the settings from EDGESHOP_ROLE and hands over to Django."""

import sys

from django.core.management import execute_from_command_line

from edgeshop.settings.env import use_demo_settings, use_role_settings


def main() -> None:
    """Run one management command."""
    if sys.argv[1:2] in (["demo"], ["simulate"]):  # neither is a node
        use_demo_settings()
    else:
        use_role_settings()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
