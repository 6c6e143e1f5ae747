"""Settings: `base` for both roles, `cloud` and `kiosk` on top, `test` for the unit tests, `knobs` for our own."""
