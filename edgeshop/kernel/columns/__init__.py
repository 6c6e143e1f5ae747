"""Rows as columns, a codec per column, the smallest wins."""

from edgeshop.kernel.columns.bytewise import TRUSTED, UNTRUSTED
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.rows import decode_rows, encode_rows

__all__ = ["TRUSTED", "UNTRUSTED", "MalformedColumn", "decode_rows", "encode_rows"]
