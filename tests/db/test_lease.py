"""Of several processes one leads; another takes over when it ends, and keeps it from writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from db.lease import Fence, Lease
from model.errors import NotLeading
from tests.servers.link import Link
from tests.servers.postgresql import PostgreSQL

TERM = timedelta(seconds=0.5)
LONG = timedelta(minutes=1)
UNREACHABLE = "postgresql+psycopg://nobody@127.0.0.1:1/none"


def nothing() -> None:
    """Be told of a loss that does not come."""
    pytest.fail("lost")


class Guarded:
    """A database that only the leader writes, with one number in it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.fence: Fence | None = None

    def fence_off(self, fence: Fence) -> None:
        """Check the fence from now on."""
        with self.engine.begin() as connection:
            fence.put_up(connection)
        self.fence = fence

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in a transaction."""
        assert self.fence
        with self.engine.begin() as connection:
            self.fence.check(connection)
            yield connection


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """The database that all processes share."""
    engine = create_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def make_lease(engine: Engine) -> Iterator[Callable[..., Lease]]:
    """Make leases as processes would, and end them."""
    with ExitStack() as stack:

        def make(name: str = "bot", *guarded: Guarded, term: timedelta = LONG) -> Lease:
            lease = Lease(engine, name, guarded=guarded, term=term)
            stack.callback(lease.give_up)
            return lease

        yield make


def stop(lease: Lease) -> None:
    """Keep a lease from being renewed, as if its process were stopped."""
    lease._ending.set()
    assert lease._renewing
    until, lease._held_until = lease._held_until, float("-inf")
    lease._renewing.join()
    lease._held_until = until


def wait_for(lease: Lease, *, seconds: float = 10) -> bool:
    """Ask for a lease until it is free."""
    pause = Event()
    for _ in range(int(seconds / 0.05)):
        if lease.take(on_lost=nothing):
            return True
        pause.wait(0.05)
    return False


def test_one_leads(make_lease: Callable[..., Lease]) -> None:
    """The first one leads, and others lead in other roles alone."""
    first, second = make_lease(), make_lease()

    assert first.take(on_lost=nothing)
    assert not second.take(on_lost=nothing)
    assert (first.is_held(), second.is_held()) == (True, False)
    assert make_lease("indexer").take(on_lost=nothing)


def test_a_lease_that_is_given_up_is_free_at_once(make_lease: Callable[..., Lease]) -> None:
    """Nobody waits for a term of a process that ended in order; it may lead again."""
    first, second = make_lease(), make_lease()
    first.take(on_lost=nothing)

    first.give_up()

    assert not first.is_held()
    assert second.take(on_lost=nothing)
    second.give_up()
    assert first.take(on_lost=nothing)


@pytest.mark.slow
@pytest.mark.measured
def test_a_lease_is_renewed(make_lease: Callable[..., Lease]) -> None:
    """A leader that lives goes on beyond its term."""
    term = timedelta(seconds=1.5)
    first, second = make_lease(term=term), make_lease()
    first.take(on_lost=nothing)

    assert not wait_for(second, seconds=2)
    assert first.is_held()


def test_a_stopped_leader_is_followed(make_lease: Callable[..., Lease]) -> None:
    """Its lease runs out, which it knows by its own clock before anybody else leads."""
    first, second = make_lease(term=TERM), make_lease()
    first.take(on_lost=lambda: None)

    stop(first)

    assert wait_for(second)
    assert not first.is_held()


def test_a_leader_is_told_that_it_was_followed(
    make_lease: Callable[..., Lease], engine: Engine
) -> None:
    """One whose lease another has taken learns it with the next renewal."""
    lost = Event()
    lease = make_lease(term=TERM)
    lease.take(on_lost=lost.set)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET epoch = epoch + 1"))

    assert lost.wait(10)
    assert not lease.is_held()


def test_a_leader_without_its_database_leads_no_longer(
    make_lease: Callable[..., Lease], engine: Engine
) -> None:
    """A lease that cannot be renewed counts as lost in time."""
    lost = Event()
    lease = make_lease(term=TERM)
    lease.take(on_lost=lost.set)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE leases RENAME TO unreachable"))

    assert lost.wait(10)
    assert not lease.is_held()


def test_nobody_leads_without_the_database() -> None:
    """One that cannot ask who leads does not, and tries again later."""
    lease = Lease(create_engine(UNREACHABLE), "bot", guarded=())

    assert not lease.take(on_lost=nothing)


def test_an_unreachable_database_leaves_the_lease_to_run_out(
    make_lease: Callable[..., Lease], engine: Engine
) -> None:
    """Giving up needs no answer."""
    lease = make_lease()
    lease.take(on_lost=nothing)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE leases"))

    lease.give_up()

    assert not lease.is_held()


@pytest.mark.slow
@pytest.mark.measured
def test_a_leader_whose_link_is_cut_leads_no_longer(
    postgresql: PostgreSQL, postgres_url: str
) -> None:
    """It waits for no answer that never comes, neither for its lease nor to give it up."""
    lost = Event()
    with Link(postgresql.port) as link:
        engine = create_engine(postgres_url.replace(f":{postgresql.port}/", f":{link.port}/"))
        lease = Lease(engine, "bot", guarded=(), term=TERM)
        assert lease.take(on_lost=lost.set)
        link.cut()

        assert lost.wait(10)
        assert not lease.is_held()
        assert not lease.take(on_lost=nothing)
        lease.give_up()
        link.mend()
    engine.dispose()


def test_one_that_wakes_up_cannot_write(make_lease: Callable[..., Lease], engine: Engine) -> None:
    """Its transactions are refused in every guarded database once another leads."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (number integer)"))
    one, other = Guarded(engine), Guarded(engine)
    first, second = make_lease("bot", one, term=TERM), make_lease("bot", other)
    first.take(on_lost=lambda: None)
    with one.writing() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (1)"))
    stop(first)
    assert wait_for(second)

    with pytest.raises(NotLeading), one.writing() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (2)"))
    with other.writing() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (3)"))

    with engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM numbers")).scalars().all() == [1, 3]


def test_a_term_begins_after_the_transactions_of_the_last_one(
    make_lease: Callable[..., Lease], engine: Engine
) -> None:
    """What is being written is either complete or refused, never in between."""
    one, other = Guarded(engine), Guarded(engine)
    first, second = make_lease("bot", one, term=TERM), make_lease("bot", other)
    first.take(on_lost=lambda: None)
    leads = Event()
    following = Thread(target=lambda: leads.set() if wait_for(second) else None)

    with one.writing():
        stop(first)
        following.start()
        assert not leads.wait(2 * TERM.total_seconds())

    assert leads.wait(10)
    following.join()


def test_a_term_that_was_followed_at_once_fences_nothing_off(
    make_lease: Callable[..., Lease], engine: Engine
) -> None:
    """One that is stopped between its lease and its fence cannot put the fence up later."""
    late = Fence(fence_id="it", epoch=1)
    with engine.begin() as connection:
        Fence(fence_id="it", epoch=2).put_up(connection)

    with pytest.raises(NotLeading), engine.begin() as connection:
        late.put_up(connection)


def test_a_leader_that_cannot_fence_off_does_not_lead(make_lease: Callable[..., Lease]) -> None:
    """Where a guarded database is unreachable, others may try at once."""
    first, second = make_lease("bot", Guarded(create_engine(UNREACHABLE))), make_lease()

    with pytest.raises(DBAPIError):
        first.take(on_lost=nothing)

    assert not first.is_held()
    assert second.take(on_lost=nothing)
