"""The shopper-facing door: pages, composed endpoints, imports, the demo shop and readiness."""
