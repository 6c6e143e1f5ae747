"""What a new kiosk's files cost is counted, and which of them wait for money or a better link."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from edgeshop.catalog.models import Product
from edgeshop.fleet.services import CloudClient
from edgeshop.kernel.traffic import Moved
from edgeshop.sync.models import Egress
from edgeshop.sync.services import fetch_bundles, first_sync, grading, synchronise
from edgeshop.sync.services import tick as ticking
from edgeshop.sync.services.bundle_files import folder
from edgeshop.sync.services.egress.budget import budget_here
from tests.factories.bundles import COUNT, forget, wanted
from tests.factories.http_server import serving
from tests.factories.links import go_by, move, rules, with_knobs

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
RATES_BIT_S = {"B": 2e6, "C": 5e5, "D": 1e5}
HEADERS_MAX = 250  # bytes of headers each way for each file


@pytest.fixture(autouse=True)
def _new_link() -> Iterator[None]:
    grading.forget()
    yield
    grading.forget()


@pytest.fixture
def ticks(large, monkeypatch):
    """A kiosk whose worker has nothing else to fetch, and has been offered its files."""
    monkeypatch.setattr(ticking, "_client", large.client)
    monkeypatch.setattr(ticking, "fetch_artefacts", list)
    synchronise(large.client)
    return large


class _Files(BaseHTTPRequestHandler):
    """Serves what lies in the folder."""

    def do_GET(self) -> None:
        data = (self.server.folder / self.path.rpartition("/")[2]).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def over_sockets(settings) -> Iterator[CloudClient]:
    """A client whose bytes go over sockets, as those that are counted do."""
    with serving(_Files) as server:
        server.folder = folder()
        with_knobs(settings, cloud_url=f"http://127.0.0.1:{server.server_port}")
        yield CloudClient()


def spend(class_rules) -> None:
    """The month's money is gone."""
    go_by(class_rules)
    move("pictures", down=100_000_000)


def test_what_files_cost_is_in_the_ledger_and_drawn_from_the_pool(large, over_sockets):
    synchronise(large.client)
    size = first_sync().of
    go_by(rules("vending"))
    before = budget_here(rules("vending"))

    assert fetch_bundles(over_sockets) == 3

    row = Egress.objects.get(stream="bundles")
    assert size < row.down_bytes < size + 3 * HEADERS_MAX
    assert 0 < row.up_bytes < 3 * HEADERS_MAX
    after = budget_here(rules("vending"))
    assert before.pool - after.pool == row.up_bytes + row.down_bytes
    assert before.bucket == after.bucket


def test_a_link_is_graded_by_them_and_a_fetch_that_fails_counts(large, over_sockets, monkeypatch):
    noted: list[Moved] = []
    monkeypatch.setattr(grading, "note", noted.append)
    synchronise(large.client)
    (folder() / wanted()["core"]).write_bytes(b"x" * 200_000)

    assert fetch_bundles(over_sockets) == 0

    assert len(noted[-1].rates_bit_s) == 1
    assert Egress.objects.get(stream="bundles").down_bytes > 200_000


def test_when_the_month_is_spent_what_selling_needs_comes_and_the_rest_waits(ticks):
    spend(rules("vending"))

    ticking.tick(force=True)

    assert (Product.objects.count(), first_sync().is_sellable) == (COUNT, True)
    assert list(wanted()) == ["text", "text-de"]
    Egress.objects.all().delete()  # as on the first of a month
    ticking.tick(force=True)
    assert wanted() == {}


def test_when_the_month_is_spent_what_selling_needs_is_offered_again_if_it_was_forgotten(ticks):
    spend(rules("vending"))
    forget(ticks, wanted()["core"])

    ticking.tick(force=True)

    assert first_sync().is_sellable


@pytest.mark.parametrize(("grade", "left"), [("B", []), ("C", []), ("D", ["text", "text-de"])])
@pytest.mark.parametrize("node_class", ["popup", "vending"])
def test_texts_wait_where_the_grade_carries_no_files(ticks, node_class, grade, left):
    go_by(rules(node_class))
    grading.note(Moved(rates_bit_s=[RATES_BIT_S[grade]] * 8))
    assert grading.grade_here() == grade

    ticking.tick(force=True)

    assert list(wanted()) == left
    assert Product.objects.count() == COUNT
