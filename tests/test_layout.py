from hypothesis import given
from hypothesis import strategies as st

from pelayanan.layout import layout_of


@st.composite
def trees(draw):
    """The codes directly below each group, some of which are groups themselves, and what is cut."""
    members, waiting = {}, ["*"]
    while waiting:
        code = waiting.pop()
        below = [f"{code}.{row}" for row in range(draw(st.integers(1, 3)))]
        members[code] = tuple(below)
        waiting += draw(st.lists(st.sampled_from(below), unique=True, max_size=2 if len(members) < 8 else 0))
    return members, frozenset(draw(st.lists(st.sampled_from(sorted(members.keys() - {"*"} or {"-"})))))


def below(code, members, cut):
    """All that lies below a group, each group after its members."""
    for member in members[code]:
        if member in members and member not in cut:
            yield from below(member, members, cut)
        yield member


def test_a_group_that_is_cut_is_a_leaf():
    members = {"*": ("a", "b"), "a": ("a.x", "a.y"), "b": ("b.x",)}
    whole, cut = (layout_of("*", members, frozenset(given)) for given in ((), ("a",)))

    assert ("b.x", "a.x", "a.y") == whole.leaves
    assert ["b", "a", "*"] == [each.code for each in whole.groups]
    assert ("b.x", "a") == cut.leaves
    assert ["b", "*"] == [each.code for each in cut.groups]


@given(trees())
def test_every_criterion_has_one_row_and_a_group_the_rows_of_its_members(tree):
    members, cut = tree
    found = layout_of("*", members, cut)
    rows = [*found.leaves, *(each.code for each in found.groups)]

    assert sorted(["*", *below("*", members, cut)]) == sorted(rows)
    assert "*" == rows[-1]
    for each in found.groups:
        assert sorted(members[each.code]) == sorted(each.members)
        assert list(each.members) == [rows[row] for row in (*each.leaves, *each.groups)]
        assert all(row < rows.index(each.code) for row in (*each.leaves, *each.groups))
        assert all(row < len(found.leaves) for row in each.leaves)
        assert all(row >= len(found.leaves) for row in each.groups)
