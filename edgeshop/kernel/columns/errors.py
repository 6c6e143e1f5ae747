"""What a column that cannot be read is called."""

from edgeshop.kernel.errors import EdgeShopError


class MalformedColumn(EdgeShopError):
    """Bytes that do not read as columns, or that come to more than the reader allows."""

    code = "kernel.malformed_column"
    http_status = 422
