"""The keystores without hardware do what every keystore must do."""

import pytest

from tests.suites.keystores import *  # noqa: F403 -- a suite is its tests

pytestmark = pytest.mark.unit
