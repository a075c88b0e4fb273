"""Pure pictures: whatever the width, they fit it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.band import Band
from billing_tui.model.diagnosis import Hop
from billing_tui.tui.draw import cut, fit, fold
from billing_tui.tui.frame.band import band_content
from billing_tui.tui.home.asking import ticket_in
from billing_tui.tui.links import dashboard_link
from billing_tui.tui.ticket.strip import strip

TEXTS = st.text(alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Mn", "Me")), max_size=60)


@given(TEXTS, st.integers(0, 40))
def test_fit_fills_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(cut(text, width)) <= width


@given(TEXTS, st.integers(2, 40), st.integers(0, 3))
def test_fold_never_exceeds_its_width(text: str, width: int, lines: int) -> None:
    folded = fold(text, width, lines)
    assert all(cell_len(line) <= width for line in folded)
    assert not lines or len(folded) <= lines
    if not lines:
        assert "".join("".join(folded).split()) == "".join(text.split())


@pytest.mark.parametrize("width", range(60, 161, 10))
def test_the_band_always_says_mode_and_lock(width: int) -> None:
    band = Band(
        mode="live", demo=True, profile="acme", account_name="Acme くも of Somewhere", account_id="acct_1NdAbCdEfGh8Ks",
        clerk="production", database="users@a-long-host-name.example", locked=True, reads=112, reads_per_day=300,
        fresh=datetime(2026, 11, 20, 9, 31, tzinfo=UTC),
    )  # fmt: skip
    drawn = band_content(band, width)
    assert drawn.cell_length == width
    assert drawn.plain.startswith(" DEMO  LIVE ")
    assert " locked " in drawn.plain
    assert "112/300" in drawn.plain


@pytest.mark.parametrize("width", [58, 78, 118])
def test_the_strip_fits_and_forks(width: int) -> None:
    names = ("payment", "subscription", "event", "delivery", "handler", "clerk", "database", "token")
    hops = tuple(Hop(name=name, state="bad", value="enterprise", broken=name == "delivery") for name in names)
    drawn = strip(hops, width).split("\n")
    assert len(drawn) == 2
    assert all(line.cell_length <= width for line in drawn)


def test_a_mask_hides_addresses_and_names_but_not_ids() -> None:
    mask = Mask(on=True, names=["Lena Kornfeld", "Lena", "lena"])
    assert mask("Re-sync lena to pro: LENA@kornfeld.example, cus_Lena1") == "Re-sync l••• to pro: L•••@k•••.example, cus_Lena1"
    assert Mask(on=False, names=["Lena"])("Lena") == "Lena"


def test_dashboard_links_name_account_and_mode() -> None:
    assert dashboard_link("cus_1", "test", "acct_9") == "https://dashboard.stripe.com/acct_9/test/customers/cus_1"
    assert dashboard_link("sub_1", "live") == "https://dashboard.stripe.com/subscriptions/sub_1"
    assert dashboard_link("user_1", "live") == ""


@pytest.mark.parametrize(
    ("pasted", "ticket"),
    [
        ("lena@kornfeld.example", "lena@kornfeld.example"),
        ("\n  Hi, I paid but am still on free.\nBest, Lena <lena@kornfeld.example>\n", "Best, Lena <lena@kornfeld.example>"),
        ("My receipt is 2910-4418, thanks", "2910-4418"),
        ("see cus_RwAbCdEf9Xe.", "cus_RwAbCdEf9Xe"),
        ("nothing\nto find", "nothing"),
        ("", ""),
    ],
)
def test_of_a_pasted_ticket_the_part_that_names_somebody_is_taken(pasted: str, ticket: str) -> None:
    assert ticket_in(pasted) == ticket
