"""The address list reads its role once, when it is imported; tests are a cloud unless they say otherwise."""

import edgeshop.urls  # noqa: F401 -- imported before any test can change the role
