import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.criterion import Indicator
from pelayanan.errors import Problem
from pelayanan.provenance import STANDINGS, Source, Standing, as_codes, as_standings, standing_of
from pelayanan.provenance import standing_problems as problems_of
from pelayanan.scales import Scale

SCALE = Scale(low=0, high=10)
FIGURES = ("weight", "scale")


def table(source=(), **standing):
    return Indicator("fees", SCALE, source=source, standing=standing)


@given(st.text())
def test_one_code_is_a_tuple_of_one(code):
    assert (code,) == as_codes(code)


@given(st.lists(st.text()))
def test_several_codes_are_a_tuple_in_order(codes):
    assert tuple(codes) == as_codes(codes) == as_codes(tuple(codes))


@given(st.dictionaries(st.text(), st.builds(Standing, st.sampled_from(STANDINGS), st.text())))
def test_standings_keep_what_was_said(said):
    assert said == as_standings(said)


@given(st.sampled_from(STANDINGS), st.text(), st.sampled_from([(), "S1"]))
def test_what_a_table_says_of_a_figure_comes_before_its_source(is_, why, source):
    assert Standing(is_, why) == standing_of(table(source, weight=Standing(is_, why)), "weight")


def test_a_source_makes_a_figure_published_and_none_makes_it_assumed():
    said = Standing("inferred", "from ten totals")

    assert Standing("published") == standing_of(table("S1", scale=said), "weight")
    assert Standing("assumed") == standing_of(table((), scale=said), "weight")


@given(st.sampled_from(FIGURES), st.sampled_from(STANDINGS))
def test_sound_standings_have_no_problems(figure, is_):
    sources = {"S1": Source("Decree 1/2024")}

    assert [] == problems_of(table("S1", **{figure: Standing(is_)}), FIGURES, sources, "here")


@pytest.mark.parametrize(
    ("given_table", "problem"),
    [
        (
            table(["S1", "S2"]),
            Problem("unknown-source", "there is no source 'S2' in [sources]", "here.source"),
        ),
        (
            table("S1", wieght=Standing("assumed")),
            Problem(
                "unknown-figure",
                "'wieght' is no figure of this table; its figures are weight, scale",
                "here.standing.wieght",
            ),
        ),
        (
            table("S1", weight=Standing("guessed")),
            Problem(
                "unknown-standing",
                "expected one of 'published', 'inferred', 'assumed', not 'guessed'",
                "here.standing.weight.is",
            ),
        ),
        (
            table((), weight=Standing("published")),
            Problem("unsourced", "a published figure needs a source", "here.standing.weight"),
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(given_table, problem):
    assert [problem] == problems_of(given_table, FIGURES, {"S1": Source("Decree 1/2024")}, "here")


def test_places_in_the_head_have_no_prefix():
    found = problems_of(table("S2", scale=Standing("guessed")), FIGURES, {}, "")

    assert ["source", "standing.scale.is"] == [problem.place for problem in found]
