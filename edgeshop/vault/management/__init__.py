"""Operator commands of the vault."""
