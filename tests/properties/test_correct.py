"""A correction is exact: the ledger afterwards is the one in which it had been read so from the start."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recipflow.derive import derive
from recipflow.derive.lessons import NOT_THIS
from recipflow.explain.telling import Said, take_back, tell
from recipflow.model import ActType, Kind
from recipflow.store import Kept, Payload, Prepared, Store, Verb
from tests.properties.test_rebuild import DANA, KWAME, LATER, NOAH, START, context, letters, meetings

CORRECTED = LATER + timedelta(days=1)
_acts = st.sampled_from(list(ActType))


@st.composite
def corrections(draw: st.DrawFn) -> Said:
    """No such act, another act, another size, plain duty, given freely, or nobody's business."""
    target = f"m{draw(st.integers(0, 9))}@x"
    contact = {"contact": draw(st.sampled_from((DANA, KWAME, NOAH)))}
    denied: st.SearchStrategy[Payload] = _acts.map(lambda one: contact | {NOT_THIS: one.value})
    nobody: st.SearchStrategy[Payload] = st.just({NOT_THIS: "all"})
    said = st.builds(
        lambda act, kind, size, routine, freely: (
            contact
            | {"act": act.value, "kind": kind.value, "size": size, "routine": routine, "freely": freely}
        ),
        _acts,
        st.sampled_from(list(Kind)),
        st.floats(0.1, 10),
        st.booleans(),
        st.booleans(),
    )
    return Said(Verb.CORRECT, target, draw(st.one_of(denied, said, nobody)))


def ledgers(store: Store) -> list[Kept]:
    return list(store.ledgers.all())


def filled(items: list[Prepared]) -> Store:
    store = Store()
    store.save_page(store.accounts.ensure("a", "files").id, items, None)
    return store


@given(
    st.lists(st.one_of(letters(), meetings()), max_size=14), st.lists(corrections(), min_size=1, max_size=3)
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_corrected_ledger_is_the_one_that_was_so_from_the_start_and_undo_gives_back_the_old_one(
    items: list[Prepared], said: list[Said]
) -> None:
    everybody = (DANA, KWAME, NOAH)
    with filled(items) as later, filled(items) as first:
        derive(later, context(), LATER)
        before = ledgers(later)
        for one in said:
            tell(later, one, LATER, touched=everybody)
        for one in said:
            tell(first, one, START, touched=everybody)
        derive(later, context(), LATER)
        derive(first, context(), LATER)
        assert ledgers(later) == ledgers(first)
        for _ in said:
            take_back(later, CORRECTED)
        later.ledgers.mark(everybody)
        derive(later, context(), LATER)
        assert ledgers(later) == before
