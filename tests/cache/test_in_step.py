"""What a customer's row says of its subscriptions, and theirs of it, whichever of them comes, changes or goes."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from billing_tui.cache import arranging, schema, store
from billing_tui.cache.objects import ListedCustomer, ListedSubscription, Standing, customer_values, subscription_values
from billing_tui.cache.shelf import View, open_shelf
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Item, Items, Price
from billing_tui.model.text import Loose

PROFILE = Profile(name="acme", mode="test", tiers=("free", "starter", "pro"))
STANDINGS = {tier: Standing(tier, PROFILE.rank(tier), "product.metadata.plan", tier) for tier in PROFILE.tiers}
CUSTOMERS, SUBSCRIPTIONS = ("cus_1", "cus_2"), ("sub_1", "sub_2", "sub_3")
STATUSES = ("active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete_expired")

Put = tuple[Literal["customer"], str, str] | tuple[Literal["subscription"], str, str, str, str] | tuple[Literal["gone"], str]
moves: st.SearchStrategy[list[Put]] = st.lists(
    st.one_of(
        st.tuples(st.just("customer"), st.sampled_from(CUSTOMERS), st.sampled_from(("", "a@x.example", "b@x.example"))),
        st.tuples(
            st.just("subscription"),
            st.sampled_from(SUBSCRIPTIONS),
            st.sampled_from(CUSTOMERS),
            st.sampled_from(STATUSES),
            st.sampled_from((*PROFILE.tiers, "odd")),
        ),
        st.tuples(st.just("gone"), st.sampled_from((*CUSTOMERS, *SUBSCRIPTIONS))),
    ),
    max_size=14,
)

BEST = "customer = customers.id and not ended order by paid desc, rank desc, created desc, id desc limit 1"
RECOUNTED = f"""select id, (select tier from subscriptions where {BEST}), (select rank from subscriptions where {BEST}),
    (select status from subscriptions where {BEST}),
    (select count(*) from subscriptions where customer = customers.id and not ended) from customers order by id"""
NAMED = """select subscriptions.id, coalesce(nullif(customers.email, ''), customers.name, '') from subscriptions
    left join customers on customers.id = subscriptions.customer order by 1"""


@given(moves)
def test_whatever_comes_and_goes_the_columns_are_as_if_counted_afresh(done: Sequence[Put]) -> None:
    with TemporaryDirectory() as home, closing(schema.connect(Path(home) / "cache.db")) as database:
        for move in done:
            if move[0] == "customer":
                held = ListedCustomer(id=move[1], email=move[2] or None, name=Loose(f"Name of {move[1]}"))
                store.put(database, "customers", [customer_values(held)], 1)
            elif move[0] == "subscription":
                items = Items((Item(id="si", price=Price(id=move[4])),))
                subscription = ListedSubscription(id=move[1], customer=move[2], status=move[3], items=items)
                store.put(database, "subscriptions", [subscription_values(subscription, STANDINGS, PROFILE)], 1)
            else:
                store.remove(database, "customers" if move[1] in CUSTOMERS else "subscriptions", [move[1]])
        kept = database.execute("select id, tier, rank, status, live from customers order by id").fetchall()
        assert [tuple(row) for row in kept] == [tuple(row) for row in database.execute(RECOUNTED)]
        owners = database.execute("select id, owner from subscriptions order by id").fetchall()
        assert [tuple(row) for row in owners] == [tuple(row) for row in database.execute(NAMED)]


def test_every_sort_is_the_same_with_its_index_and_without(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with closing(schema.connect(path)) as database:
        for number in range(60):
            name = "" if number % 7 == 0 else f"Name {number % 5}"
            held = ListedCustomer(
                id=f"cus_{number:02}", email=f"{number % 9}@x.example" if number % 4 else None, name=Loose(name)
            )
            store.put(database, "customers", [customer_values(held)], 1)
            subscription = ListedSubscription(
                id=f"sub_{number:02}",
                customer=f"cus_{number % 50:02}",
                status=STATUSES[number % len(STATUSES)],
                items=Items((Item(id="si", price=Price(id=PROFILE.tiers[number % 3], unit_amount=number % 6 or None)),)),
                trial_end=number % 8 or None,
            )
            store.put(database, "subscriptions", [subscription_values(subscription, STANDINGS, PROFILE)], 1)
    shelf = open_shelf(path)
    sorts = {"customers": ("email", "name", "plan", "status", "id", "created"),
             "subscriptions": ("customer", "plan", "status", "amount", "currency", "period", "ends", "trial", "id")}  # fmt: skip
    views = [View(kind, "", sort, reverse) for kind in sorts for sort in sorts[kind] for reverse in (False, True)]  # type: ignore[arg-type]
    without = [shelf.ids(view) for view in views]
    assert all(len(found) == 60 for found in without)
    with closing(schema.connect(path)) as database:
        for name in arranging.missing(database):
            arranging.make(database, name)
        arranging.note_figures(database)
        assert arranging.missing(database) == []
    assert [shelf.ids(view) for view in views] == without
    assert [shelf.ids(view, 7) for view in views] == [found[:7] for found in without]
