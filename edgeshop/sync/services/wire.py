"""How a contact is written: MessagePack under zstd, with a stated maximum so that none can fill a memory."""

from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
import zstandard

from edgeshop.sync.errors import Malformed

VERSION = 1
CONTENT_TYPE = "application/vnd.edgeshop.contact"
_MESSAGE_BYTES_MAX = 64 * 2**20


def pack(message: dict[str, Any]) -> bytes:
    """One message as bytes."""
    return zstandard.ZstdCompressor(level=9).compress(msgpack.packb(message, use_bin_type=True))


def unpack(data: bytes) -> dict[str, Any]:
    """The message in `data`. Raises: Malformed."""
    try:
        message = msgpack.unpackb(_inflated(data), raw=False, strict_map_key=False)
    except (zstandard.ZstdError, ValueError, msgpack.UnpackException) as error:
        raise Malformed("This is not a contact message.") from error
    if not isinstance(message, dict) or not isinstance(message.get("sections"), dict):
        raise Malformed("A contact message is a map with sections.")
    if message.get("v", VERSION) != VERSION:
        raise Malformed("This form of contact is not known here; one side needs an upgrade.", v=str(message["v"])[:20])
    return message


def is_facts_only(data: bytes) -> bool:
    """Whether a message brings facts and asks for nothing: those are the same whenever and however often they come."""
    try:
        return set(unpack(data)["sections"]) == {"facts"}
    except Malformed:
        return False


def _inflated(data: bytes) -> bytes:
    """The bytes inside. The decompressor trusts a frame that states its size, so that is looked at first."""
    if zstandard.frame_content_size(data) > _MESSAGE_BYTES_MAX:
        raise Malformed("This contact message is too large.", bytes_max=_MESSAGE_BYTES_MAX)
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=_MESSAGE_BYTES_MAX)
