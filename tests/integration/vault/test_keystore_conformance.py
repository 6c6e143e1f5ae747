"""The keystores with hardware do what every keystore must do: an HSM and an emulated TPM, by the same code."""

import pytest

from tests.suites.keystores import *  # noqa: F403 -- a suite is its tests

pytestmark = pytest.mark.integration
