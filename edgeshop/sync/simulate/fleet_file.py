"""The fleet file: a fleet from one validated TOML."""

import tomllib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.errors import FleetInvalid
from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.workload import SLOTS, Floats, Stream
from edgeshop.sync.simulate.fields import Fields, wrong
from edgeshop.sync.simulate.fleet import SLOTS_PER_HOUR, Fleet, Kind

ELSEWHERE = ("lanes", "storage", "grants", "privacy", "cadence")  # per class, read and checked by others
_GRADES = tuple(g.name for g in Grade)
_WATCHED_PER_HOUR_MIN, _WATCHED_PART = 4.0, 0.6  # operators look at a quiet node too, around the clock


def read_fleet(path: Path) -> Fleet:
    """The fleet in a file. Raises: FleetInvalid, which names the key and what was expected."""
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FleetInvalid(f"{path} cannot be read: {error.strerror}.", key=str(path), expected="a file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FleetInvalid(f"{path} is no TOML: {error}.", key=str(path), expected="TOML") from error
    return _fleet(Fields(text, ""))


def _fleet(fields: Fields) -> Fleet:
    nodes = fields.number("nodes", least=1, most=1_000_000)
    if nodes % 1:
        raise wrong("nodes", "a whole number", nodes)
    contact_bytes, cap = fields.number("contact_bytes", least=1), fields.number("cap_usd_month", least=0.01)
    streams = _streams(fields.table("streams"))
    traffic = fields.table("traffic")
    kinds = _kinds(fields.table("classes"), traffic, streams)
    vector_stream, vectors = _vectors(fields.table("vectors", {}), streams)
    fields.close()
    return Fleet(int(nodes), cap, contact_bytes, streams, kinds, vector_stream, vectors)


def _streams(fields: Fields) -> tuple[Stream, ...]:
    names = fields.rest()
    if not names:
        raise wrong("streams", "one table or more, [streams.NAME]", {})
    return tuple(_stream(fields.table(name), name) for name in names)


def _stream(fields: Fields, name: str) -> Stream:
    stream = Stream(
        name=name,
        rates=fields.by_hour("changes_per_hour") / SLOTS_PER_HOUR,
        bytes_first=fields.number("bytes_first", default=0),
        bytes_per_change=fields.number("bytes_per_change"),
        bytes_full=fields.number("bytes_full", default=1e15),
        harm_per_change=fields.number("harm_per_change"),
        harm_max=fields.number("harm_max", most=1),
        live=int(fields.number("live_items", default=0)),
        is_up=fields.choice("direction", ("up", "down"), "down") == "up",
        is_watched_by_shoppers=fields.choice("watched_by", ("shoppers", "operators"), "shoppers") == "shoppers",
        worst_grade=Grade[fields.choice("worst_grade", _GRADES, "D")],
    )
    if stream.rates.max() > 8:  # one slot's arrivals must fit the solver's block
        raise wrong(fields.at("changes_per_hour"), "at most 32 changes an hour", stream.rates.max() * SLOTS_PER_HOUR)
    fields.close()
    return stream


def _vectors(fields: Fields, streams: tuple[Stream, ...]) -> tuple[str, dict[str, float]]:
    names = tuple(s.name for s in streams)
    name = fields.choice("stream", names, names[0])
    sizes = {size: fields.number(size) for size in fields.rest()}
    return name, sizes


def _kinds(fields: Fields, traffic: Fields, streams: tuple[Stream, ...]) -> tuple[Kind, ...]:
    names = fields.rest()
    sizes, shares = traffic.numbers("requests_per_hour"), traffic.numbers("shares")
    by_hour = traffic.by_hour("by_hour", 1)
    traffic.close()
    kinds = [k for name in names for k in _class(fields.table(name), name, (sizes, shares, by_hour), streams)]
    total = sum(k.share for k in kinds)
    if abs(total - 1) > 1e-6:  # what decimals round to
        raise wrong("classes", "tables whose shares add up to 1", round(total, 6))
    return tuple(kinds)


def _class(
    fields: Fields, name: str, traffic: tuple[list[float], list[float], Floats], streams: tuple[Stream, ...]
) -> list[Kind]:
    share = fields.number("share", most=1)
    opens, closes = fields.number("opens", most=24), fields.number("closes", most=24)
    if closes <= opens:
        raise wrong(fields.at("closes"), f"later than opens ({opens:g})", closes)
    sizes, shares = fields.numbers("requests_per_hour", traffic[0]), fields.numbers("shares", traffic[1])
    if len(sizes) != len(shares) or abs(sum(shares) - 1) > 1e-6:
        raise wrong(fields.at("shares"), f"{len(sizes)} numbers that add up to 1, one per size of traffic", shares)
    day = _open_day(fields.by_hour("by_hour", None) if "by_hour" in fields.rest() else traffic[2], opens, closes)
    prices = fields.by_hour("usd_per_gb") / 1e9
    grade = Grade[fields.choice("grade", _GRADES)]
    up_h, down_h, trace = _link(fields.table("link"))
    fields.close(besides=ELSEWHERE)
    return [
        Kind(f"{name} {size:g}/h", name, share * part, grade, _weights(size, day, streams), prices, up_h, down_h, trace)
        for size, part in zip(sizes, shares, strict=True)
    ]


def _open_day(by_hour: Floats, opens: float, closes: float) -> Floats:
    """How an hour's requests lie over the day: nothing while closed, one on average while open. Shape: [96]."""
    hour = (np.arange(SLOTS) + 0.5) / SLOTS_PER_HOUR
    day = np.where((hour > opens) & (hour < closes), by_hour, 0.0)
    return day / day[day > 0].mean() if day.any() else day


def _weights(size: float, day: Floats, streams: tuple[Stream, ...]) -> Floats:
    watched = np.full(SLOTS, _WATCHED_PART * max(size, _WATCHED_PER_HOUR_MIN) / SLOTS_PER_HOUR)
    return np.stack([size / SLOTS_PER_HOUR * day if s.is_watched_by_shoppers else watched for s in streams])


def _link(fields: Fields) -> tuple[float, float, NDArray[np.bool_] | None]:
    """Hours up and down on average, and the trace where one was recorded."""
    if "outages" not in fields.rest():
        up_h, down_h = fields.number("up_h", least=0.25), fields.number("down_h", least=0.25)
        fields.close()
        return up_h, down_h, None
    total_h = fields.number("recorded_h", least=24)
    expected = f"a list of [begin, end] in hours from 0 to {total_h:g}"
    outages = fields.value("outages", expected)
    fields.close()
    up = np.ones(int(total_h * SLOTS_PER_HOUR), bool)
    for outage in outages if isinstance(outages, list) else [outages]:
        begin, end = outage if isinstance(outage, list) and len(outage) == 2 else (1.0, 0.0)
        if not 0 <= begin < end <= total_h:
            raise wrong(fields.at("outages"), expected, outage)
        up[int(begin * SLOTS_PER_HOUR) : max(int(end * SLOTS_PER_HOUR), int(begin * SLOTS_PER_HOUR) + 1)] = False
    breaks = max(1, int((up[:-1] & ~up[1:]).sum()))
    return up.sum() / SLOTS_PER_HOUR / breaks, max(0.25, (~up).sum() / SLOTS_PER_HOUR / breaks), up
