"""Requests that no client of ours would send, for every operation of an API, made from what the API says of itself."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

ODD: list[Any] = ["", "\x00", "\ud800", "١", "x" * 100_000, 0, -1, 2**63, 10**400, 1.5, True, None, [], {}, [[]]]
BODIES = [b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000]
IN_ADDRESSES = ["x", "0", "-1", "9" * 30, "9" * 5000, "%D9%A1", "%00", "%ED%A0%80", "a" * 5000, "..%2f.."]


@dataclass(frozen=True)
class Ask:
    """One request, and how to call it when it goes wrong."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"

    def __str__(self) -> str:
        return f"{self.method} {self.path[:120]} {self.body[:200]!r} as {self.kind}"


def operations(api: NinjaAPI) -> Iterator[tuple[str, Operation]]:
    """Every operation with its path below the API's root, also those that the documents leave out."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{prefix}/{path}".replace("//", "/").strip("/"), operation


def asks(api: NinjaAPI, root: str) -> Iterator[Ask]:
    """Odd requests for everything that the API offers."""
    for path, operation in operations(api):
        places = addresses(f"{root}{path}")
        for method in operation.methods:
            yield from (Ask(method, place) for place in places)
            yield from (Ask(method, f"{places[0]}?{query}") for query in queries(operation))
            if method == "POST":
                yield from (Ask(method, places[0], body) for body in bodies(operation))
                yield Ask(method, places[0], b"<a/>", "text/xml")
        yield from (Ask(method, places[0]) for method in ("DELETE", "GET", "POST") if method not in operation.methods)


def nowhere(*roots: str) -> Iterator[Ask]:
    """Addresses that nobody answers to."""
    for path in ("nothing", "nothing/here", "orders/x/y", "%00", "..%2f", "é"):
        yield from (Ask(method, f"{root}{path}") for root in roots for method in ("GET", "POST"))


def addresses(path: str) -> list[str]:
    """The path with odd values in its places."""
    start, open_brace, rest = path.partition("{")
    return [f"{start}{odd}{rest.partition('}')[2]}" for odd in IN_ADDRESSES] if open_brace else [path]


def queries(operation: Operation) -> list[str]:
    """Odd values for each parameter, one at a time."""
    names = [name for schema in schemas(operation, "query") for name in schema.get("properties", {})]
    return [f"{name}={odd}" for name in names for odd in IN_ADDRESSES]


def schemas(operation: Operation, source: str) -> list[dict[str, Any]]:
    """The forms that an operation reads from a part of the request: query, path or body."""
    found = [model for model in operation.models if getattr(model, "__ninja_param_source__", "") == source]
    return [model.model_json_schema() for model in found]


def bodies(operation: Operation) -> Iterator[bytes]:
    """Bodies that fit no form, and fitting ones with one value exchanged for an odd one, at every depth."""
    yield from BODIES
    for schema in schemas(operation, "body"):
        whole = example(schema, schema.get("$defs", {}))
        inner = next(iter(whole.values())) if len(whole) == 1 else whole
        for odd in (inner, *variations(inner)):
            yield json.dumps(odd).encode()


def example(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """A value that fits a JSON schema."""
    if "$ref" in schema:
        return example(known[schema["$ref"].rpartition("/")[2]], known)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        return {
            name: example(part, known) for name, part in schema.get("properties", {"a": {"type": "string"}}).items()
        }
    if schema.get("type") == "array":
        return [example(schema["items"], known)]
    return {"integer": 1, "number": 1.0, "boolean": True}.get(schema.get("type", ""), "x" * schema.get("minLength", 8))


def variations(value: Any) -> Iterator[Any]:
    """The value with one of its parts odd or missing."""
    yield from ODD
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for place, part in parts:
        for odd in variations(part):
            other = copy.copy(value)
            other[place] = odd
            yield other
    if isinstance(value, dict):
        yield from ({n: part for n, part in value.items() if n != name} for name in value)
