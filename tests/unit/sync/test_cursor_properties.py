"""Whatever happens to changes, pages, answers and processes, a cursor stands for what was applied, and nothing is sent
again that has not changed. The stream has no digests: there is nothing that would mend what a cursor loses.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Device
from edgeshop.fleet.services import Reply, ready_keys
from edgeshop.journal import contact as sections
from edgeshop.journal import registry
from edgeshop.journal.models import Change, Stream
from edgeshop.journal.services import (
    Page,
    apply_page,
    changes,
    cursors,
    forget_old_changes,
    page,
    pages,
    restart_streams,
    sequence,
)
from edgeshop.kernel import clock
from edgeshop.qa.two_nodes import Wire
from edgeshop.sync.models import Remembered
from edgeshop.sync.services import answer, contact, synchronise
from tests.factories.fleet import make_kiosk, make_shop, on_node

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
STREAM = "test"
KEYS = st.sampled_from([f"k{n}" for n in range(6)])
FIELDS = st.sampled_from([("a",), ("b",), ("a", "b")])
VALUES = st.integers(0, 3)


class Line(Wire):
    """The kiosk's client without signed HTTP around it. What happens to the next request, and to its answer."""

    fate = ""

    def ask(self, address: str, body: bytes) -> Reply:
        """One exchange; lost after the cloud has handled it, or handled twice."""
        reply = super().ask(address, body)
        if self.fate == "doubled":
            reply = super().ask(address, body)
        if self.fate == "lost":
            raise CloudUnreachable("The answer did not come.", how="timed_out")
        return reply


class Killed(Exception):
    """The kiosk's process ended while it applied a page."""


class Cursors(RuleBasedStateMachine):
    """Rows of two fields that change and vanish, and one kiosk that reads them by the real code of both sides.

    `stale`: keys that have changed since the kiosk took them. `marked`: keys in the order of their numbers.
    """

    cloud_database: Any = None

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.stack.enter_context(rolled_back())
        with self.cloud():
            self.above_stack = ExitStack()
            self.above_stack.enter_context(rolled_back())
            kiosk = make_kiosk(make_shop())
            Device.objects.create(kiosk=kiosk, kid="its", jwk={}, enrolled_at=clock.now())
        make_kiosk(make_shop(), is_self=True)
        self.above, self.below, self.stale = {}, {}, set()
        self.marked, self.copy, self.strays = [], None, set()
        self.stamps, self.now_s = {}, 1_000
        self.needless, self.fate, self.line = set(), "", Line(self.cloud)
        self.patched = pytest.MonkeyPatch()
        self.patched.setitem(registry._sources, STREAM, registry.Source(self.collect, self.apply))
        self.true_s = 1_793_613_600.0  # goes on with each copy that is put back; cursors know nothing else of time
        self.patched.setattr(clock, "timestamp", lambda: self.true_s)
        self.patched.setattr(sections, "_sections", {})
        self.patched.setattr(answer, "page", lambda **asked: self.make_page(**asked))
        self.patched.setattr(contact, "apply_page", self.take)

    def cloud(self):
        return on_node(self.cloud_database, is_ledger=True)

    def collect(self, _stream, keys):
        return [{"key": key} | self.above[key] for key in keys if key in self.above]

    def apply(self, _stream, rows, gone):
        for row in rows:
            said = {name: value for name, value in row.items() if name != "key"}
            self.below[row["key"]] = self.below.get(row["key"], {}) | said
        for key in gone:
            self.below.pop(key, None)

    def make_page(self, **asked):
        return page(**asked)

    def take(self, received: Page) -> None:
        """As a kiosk does, once or twice, or killed on the way; and only what has changed may come."""
        told = {row["key"] for row in received.rows} | set(received.gone)
        self.needless |= told - self.stale
        for _ in range(2 if self.fate == "twice" else 1):
            with self.until_killed():
                apply_page(received)
        self.stale -= told
        self.strays -= told

    @contextmanager
    def until_killed(self):
        before = {key: dict(row) for key, row in self.below.items()}
        with transaction.atomic():
            yield
            if self.fate == "killed":
                self.below = before
                raise Killed

    @rule(key=KEYS, fields=FIELDS, value=VALUES)
    def change(self, key, fields, value):
        is_new = key not in self.above
        row = self.above.setdefault(key, {"a": 0, "b": 0})
        row |= dict.fromkeys(fields, value)
        self.mark(key, () if is_new else fields)

    @precondition(lambda self: self.above)
    @rule(data=st.data())
    def vanish(self, data):
        key = data.draw(st.sampled_from(sorted(self.above)))
        del self.above[key]
        self.mark(key, ())

    def mark(self, key, fields):
        with self.cloud():
            changes(STREAM, key, fields=fields)
        self.marked.append(key)
        self.stale.add(key)
        self.stamps[key] = self.now_s

    @rule(by_s=st.integers(-2, 3))
    def time_passes(self, by_s):
        self.now_s += by_s

    @rule()
    def number(self):
        with self.cloud():
            sequence()

    @rule()
    def compact(self):
        with self.cloud():
            forget_old_changes()

    @rule()
    def restart_the_kiosk(self):
        self.line = Line(self.cloud)

    @rule()
    def forget_what_was_said(self):
        with self.cloud():
            Remembered.objects.all().delete()

    @rule(limit=st.integers(1, 3), fate=st.sampled_from(["", "", "twice", "lost", "doubled", "killed"]))
    def meet(self, limit, fate):
        self.contact(limit=limit, contacts=1, fate=fate)
        self.check_cursor()

    def contact(self, *, limit, contacts, fate):
        self.fate = self.line.fate = fate
        knobs = replace(django_settings.EDGESHOP.sync, page_rows_max=limit, contacts_per_run_max=contacts)
        django_settings.EDGESHOP = replace(django_settings.EDGESHOP, sync=knobs)
        try:
            report = synchronise(self.line)
        except CloudUnreachable:
            assert fate == "lost"
        else:
            assert set(report.failed) <= ({STREAM} if fate == "killed" else set()), report.failed
        assert not self.needless, "what has not changed came again"

    def check_cursor(self):
        """What has no mark beyond the cursor is on the kiosk as it is in the cloud."""
        epoch, seq = cursors().get(STREAM, (0, 0))
        with self.cloud():
            state = Stream.objects.filter(name=STREAM).first()
        if state is None or epoch != state.epoch:
            return
        beyond = set(self.marked[seq:]) | self.strays
        for key in {*self.above, *self.below} - beyond:
            assert self.below.get(key) == self.above.get(key), "the cursor is past a row that was not applied"

    @rule()
    def back_up(self):
        with self.cloud():
            sequence()
            rows = {key: dict(row) for key, row in self.above.items()}
            kept = list(Change.objects.filter(stream=STREAM).values("stream", "key", "seq", "fields", "known_to"))
            ends = list(Stream.objects.filter(name=STREAM).values("epoch", "seq"))
        self.copy = (rows, kept, ends, list(self.marked)) if ends else None

    @precondition(lambda self: self.copy)
    @rule()
    def restore(self):
        """The copy's rows, marks and places, and a person who says so; the kiosk reads everything again."""
        rows, kept, ends, marked = self.copy
        ever = {*self.above, *self.below, *self.marked}
        self.above, self.marked = {key: dict(row) for key, row in rows.items()}, list(marked)
        with self.cloud():
            Change.objects.filter(stream=STREAM).delete()
            Change.objects.bulk_create([Change(**mark) for mark in kept])
            Stream.objects.filter(name=STREAM).update(**ends[0])
            Remembered.objects.all().delete()
            self.true_s += 3600
            restart_streams()
        self.strays = ever - set(marked)  # the copy has never heard of them, so nobody is told that they are gone
        self.stale = ever | set(marked)

    def teardown(self):
        if not hasattr(self, "stack"):
            return
        try:
            self.contact(limit=2, contacts=50, fate="")
            self.check_cursor()
            held = {key: row for key, row in self.below.items() if key not in self.strays}
            assert held == {key: row for key, row in self.above.items() if key not in self.strays}
            assert not set(self.above) & self.strays
        finally:
            self.patched.undo()
            with self.cloud():
                self.above_stack.close()
            self.stack.close()


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def on_a_kiosk(db, second_database, settings, tmp_path):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    ready_keys(is_ledger=False)
    return second_database


RULES = settings(
    max_examples=60,
    stateful_step_count=25,
    phases=[Phase.explicit, Phase.generate],  # making a failure smaller takes minutes
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


def test_a_cursor_stands_for_what_was_applied_whatever_happens(on_a_kiosk):
    run_state_machine_as_test(type("Reading", (Cursors,), {"cloud_database": on_a_kiosk}), settings=RULES)


def to_the_end(_self, **asked) -> Page | None:
    """A page that was cut says that it reaches the end."""
    found = page(**asked)
    return found and replace(found, seq=asked["states"][found.stream].seq, more=False)


def without_tombstones(_self, **asked) -> Page | None:
    found = page(**asked)
    return found and replace(found, gone=[])


def from_nothing(_self, **asked) -> Page | None:
    """Everything, every time."""
    return page(**asked) and page(**asked | {"seq": 0})


def by_clock(self, **asked) -> Page | None:
    """What has changed since the reader's time, as a cursor over `updated_at` would have it."""
    state = asked["states"].get(asked["stream"])
    if state is None:
        return None
    since = asked["seq"] if asked["epoch"] == state.epoch else 0
    news = {key: at_s for key, at_s in self.stamps.items() if at_s > since}
    rows = self.collect(state.name, sorted(news))
    gone = sorted(set(news) - set(self.above))
    return Page(state.name, state.epoch, max(news.values()), rows, gone, more=False) if news else None


def forgetting_at_a_cut(_self, **asked) -> Page | None:
    """What was to be told of rows behind a cut is not carried over it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "_carry_over", lambda *_marks: None)
        return page(**asked)


BROKEN = {
    "a page that was cut says its end": {"make_page": to_the_end},
    "a cut forgets what lies before it": {"make_page": forgetting_at_a_cut},
    "nobody hears what is gone": {"make_page": without_tombstones},
    "everything every time": {"make_page": from_nothing},
    "a place is a time of the clock": {"make_page": by_clock, "check_cursor": lambda _self: None},
}


@pytest.mark.parametrize("name", BROKEN)
def test_control_a_planted_defect_is_found(on_a_kiosk, name):
    broken = type("Broken", (Cursors,), BROKEN[name] | {"cloud_database": on_a_kiosk})
    many = settings(RULES, max_examples=1_000, print_blob=False, derandomize=True)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(broken, settings=many)
