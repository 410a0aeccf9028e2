import pickle

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from installing import kiosk
from sound import capped, edited, gated, mean, mismatched, moody, ruled

import pelayanan
from pelayanan import strategies as ps
from pelayanan import testing
from pelayanan.declaring import INDEX
from pelayanan.errors import CheckError
from pelayanan.packages import write_index
from pelayanan.testing import CHECKS, check_index

EDITIONS = [each.id for each in pelayanan.editions()]
OWN = "it has no JSON form: loket-2024: the rule 'own' is not one that a file can name @ root.rule"
UNFOUNDED = "has neither a source nor a standing; name its source, or say why it is assumed"

# A fault, what plants it, the check that finds it, what it says, and the other checks that find it, too.
FAULTS = {
    "a weight without a source": (
        lambda: edited(
            (
                'scale = { range = { low = 0, high = 4 } }\nweight = 60\nmissing = "zero"\nsource = "SK"',
                'scale = { range = { low = 0, high = 4 } }\nweight = 60\nmissing = "zero"\n'
                'standing.criterion = { is = "assumed", why = "ours" }\n'
                'standing.scale = { is = "assumed", why = "ours" }\n'
                'standing.missing = { is = "assumed", why = "ours" }',
            )
        ),
        "sources",
        f"weight {UNFOUNDED} @ criteria['antre.khusus']",
    ),
    "an assumption without a reason": (
        lambda: edited((', why = "the decree does not say what happens"', "")),
        "sources",
        "missing is assumed and does not say why",
    ),
    "a case without a source": (
        lambda: edited(('zone = "hijau" }\nsource = "SK"', 'zone = "hijau" }')),
        "sources",
        "the case 'Kantor A' has no source; name it @ cases[0]",
    ),
    "a weight that was mistyped": (
        lambda: edited(
            (
                'antre"\ntitle = { id = "Antrean", en = "Queue" }\nweight = 50',
                'antre"\ntitle = { id = "Antrean", en = "Queue" }\nweight = 49',
            )
        ),
        "weights",
        "the weights add up to 99, neither to 1 nor to 100; "
        "state weights.whole, or state weights.sum if it was printed so @ root.weights",
        "cases",
    ),
    "weights of a sum that lack a part of the whole": (
        lambda: edited(
            ('rule = "weighted_mean"', 'rule = "weighted_sum"\nrescale = true\nweights = { whole = 100 }'),
            ("weight = 30", "weight = 29"),
        ),
        "weights",
        "the weights add up to 99, not to the whole of 100; state weights.sum if it was printed so "
        "@ root.weights",
        "ends",
        "cases",
    ),
    "a best answer that is not worth everything": (
        lambda: edited(
            ("scale = { range = { low = 0, high = 10 } }", 'scale = { anchors = [[0, 0], [10, "9/10"]] }'),
            ("total = 90, zone", "total = 89, zone"),
        ),
        "ends",
        "the best answers give 98, not the maximum of 100; the best answer to 'kepuasan' is worth 0.9 @ maximum",
    ),
    "a zone above every total": (
        lambda: edited(
            ("floor = 80\nceiling = 100", "floor = 80\nbelow = 100.01"),
            ("[[marks]]", '[[zones.bands]]\ncode = "emas"\nfloor = 100.01\nsource = "SK"\n\n[[marks]]'),
        ),
        "ends",
        "the band 'emas' begins above 100, the highest total @ zones.bands[3]",
    ),
    "a zone below every total": (
        lambda: edited(
            (
                "floor = 0\nceiling = 50\ngap_after = true",
                'floor = -10\nbelow = 0\nsource = "SK"\n\n[[zones.bands]]\ncode = "jingga"\nfloor = 0\n'
                "ceiling = 50\ngap_after = true",
            ),
            ('gap_after = true\nlabel = { id = "merah", en = "red" }', "gap_after = true"),
        ),
        "ends",
        "the band 'merah' ends below 0, the lowest total @ zones.bands[0]",
    ),
    "a question whose answers are worth the same": (
        lambda: edited(
            ("scale = { range = { low = 0, high = 10 } }", "scale = { steps = [[0, 1]] }"),
            ("total = 90, zone", "total = 100, zone"),
        ),
        "answers_count",
        "no answer to it changes the total; give its answers other shares, or state scored = false "
        "@ criteria['kepuasan']",
    ),
    "a question that is never asked": (
        lambda: edited(
            ('antre.nomor"\n', 'antre.nomor"\nasked_if = { criterion = "loket", is = ["tidak"] }\n'),
            ('"antre.nomor" = "ada", ', ""),
        ),
        "answers_count",
        "it is never asked, as its conditions exclude each other; mend them @ criteria['antre.nomor'].asked_if",
    ),
    "a better answer that lowers the total": (
        lambda: ruled(capped),
        "better_never_hurts",
        "'ada' is better than 'sebagian' and gives 20 instead of 30 @ criteria['tarif']",
        "json",
    ),
    "a better answer that lowers the zone": (
        gated,
        "better_never_hurts",
        "2 is better than 0 and gives 'merah' instead of 'hijau' @ criteria['antre.khusus']",
        "json",
        "answers_count",
    ),
    "a kernel that is not its exact twin": (
        mismatched,
        "batch",
        "many at once give 0 and 'merah', one alone 40 and 'merah'; the first answers are "
        "tarif = 'tidak', loket = 'sebagian', kepuasan = 10 @ unit 2",
        "json",
    ),
    "a rule that changes its mind": (
        lambda: ruled(moody()),
        "batch",
        "many at once give 100 and 'hijau', one alone 99 and 'hijau'; the first answers are "
        "tarif = 'ada', loket = 'ada', antre.nomor = 'ada' @ unit 1",
        "json",
        "ends",
    ),
    "a lowest zone that begins too high": (
        lambda: edited(("floor = 0\nceiling = 50", "floor = 10\nceiling = 50")),
        "zones",
        "the total 0 can be had and lies outside of the lowest band; mend its ends @ zones.bands[0]",
    ),
    "a highest zone that ends too low": (
        lambda: edited(("ceiling = 100", "ceiling = 99")),
        "zones",
        "the total 99.01 can be had and lies outside of the highest band; mend its ends @ zones.bands[2]",
    ),
    "a text that cannot be printed": (
        lambda: attrs.evolve(edited(), issuer="Kota\u202e"),
        "json",
        "it has no JSON form: loket-2024: the text has the character '\\u202e', which cannot be printed @ issuer",
    ),
    "a rule that no file can name": (lambda: ruled(mean), "json", OWN),
    "a title that is not translated": (
        lambda: edited((', en = "Fees are posted"', "")),
        "languages",
        "the text is not there in 'en', a language of the title; add it @ criteria['tarif'].title",
    ),
    "a language that is mistyped": (
        lambda: edited(('id = "kuning", en = "yellow"', 'id = "kuning", en = "yellow", ne = "yellow"')),
        "languages",
        "the text is there in 'ne', and the title is not; add it there, or mend the name "
        "@ zones.bands[1].label",
    ),
    "a total that was not printed so": (
        lambda: edited(("total = 90", "total = 90.01")),
        "cases",
        "'Kantor A' has the total 90, and 90.01 was printed @ cases[0]",
    ),
    "a total that is further off than it says": (
        lambda: edited(('total = 90, zone = "hijau" }', 'total = 90.03, zone = "hijau" }\nwithin = 0.02')),
        "cases",
        "'Kantor A' has the total 90, and 90.03 and off by at most 0.02 was printed @ cases[0]",
    ),
    "a zone that was not printed so": (
        lambda: edited(('total = 90, zone = "hijau"', 'total = 90, zone = "kuning"')),
        "cases",
        "'Kantor A' has the zone 'hijau', and 'kuning' was printed @ cases[0]",
    ),
    "a case that lacks an answer": (
        lambda: edited((", kepuasan = 5", "")),
        "cases",
        "'Kantor A' cannot be scored: loket-2024: the answer is missing, and missing answers are refused "
        "@ unit 0, 'kepuasan' @ cases[0]",
    ),
    "best answers that miss a requirement": (
        lambda: edited(
            (
                'criterion = "tarif", at_least = 1, of = "share"',
                'criterion = "loket", at_least = 1, of = "share"',
            ),
            (
                'code = "loket"\ntitle = { id = "Ada loket", en = "There is a counter" }\n',
                'code = "loket"\ntitle = { id = "Ada loket", en = "There is a counter" }\n'
                'asked_if = { criterion = "tarif", is = ["sebagian"] }\n',
            ),
            (
                'tarif = "ada", loket = "ada", "antre.nomor" = "ada", "antre.khusus" = 4, kepuasan = 5',
                'tarif = "sebagian", loket = "ada", "antre.nomor" = "ada", "antre.khusus" = 4, kepuasan = 10',
            ),
            ("total = 90", "total = 85"),
        ),
        "ends",
        "the best answers are held back from 'hijau' by 'loket' at least 1 of share @ zones.bands[2].requires",
    ),
}


def _found(instrument):
    found = {}
    for check in CHECKS:
        try:
            check(instrument)
        except CheckError as error:
            found[check.__name__.removeprefix("check_")] = str(error)
    return found


# What is sound.


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_shipped_edition_passes_every_check(edition):
    assert {} == _found(pelayanan.load(edition))


def test_the_rubric_in_which_faults_are_planted_is_sound():
    assert {} == _found(edited())


def test_a_whole_without_zones_cases_and_groups_passes():
    scale = pelayanan.Scale(low=0, high=1, source="S")
    made = pelayanan.Instrument(
        id="x",
        criteria=[pelayanan.Indicator("a", scale, source="S")],
        maximum=1,
        missing="refuse",
        rounding=None,
        sources={"S": pelayanan.provenance.Source("invented")},
        source="S",
        title={"id": "x"},
    )

    assert {} == _found(made)


def test_of_a_question_that_decides_what_is_asked_no_answer_is_better():
    made = edited()
    scored = attrs.evolve(made["loket"], scored=True, weight="1")
    criteria = [
        scored if each.code == "loket" else attrs.evolve(each, weight=None) for each in made.criteria.values()
    ]
    alone = [
        each if each.code == "loket" else attrs.evolve(each, asked_if=made["antre"].asked_if)
        for each in criteria
    ]
    alone = [
        attrs.evolve(each, scored=False) if each.code not in ("loket", "antre") else each for each in alone
    ]

    testing.check_better_never_hurts(
        attrs.evolve(made, criteria=alone, zones=pelayanan.Zones(), marks=(), cases=())
    )

    assert {"loket"} == set(
        attrs.evolve(made, criteria=alone, zones=pelayanan.Zones(), marks=(), cases=()).tree.leaves["*"]
    )


# Properties.


@given(instrument=ps.instruments(depth=2, members=3))
@settings(max_examples=40)
def test_whatever_is_drawn_is_computed_alike_in_every_way(instrument):
    found = _found(instrument).keys()

    assert {"sources"} <= found
    assert not {"batch", "better_never_hurts", "json", "languages", "cases"} & found


@given(data=st.data())
@settings(max_examples=40)
def test_the_case_of_any_unit_is_reproduced_and_none_beside_it(data):
    instrument = edited()
    answers = data.draw(
        ps.answers(instrument).filter(lambda found: all(each is not None for each in found.values()))
    )
    card = pelayanan.score_one(instrument, answers)
    given = {code: each for code, each in answers.items() if not isinstance(each, pelayanan.answers.State)}
    case = attrs.evolve(
        instrument.cases[0], answers=given, total=card.total, zone=card.zone.code if card.zone else ""
    )
    off = attrs.evolve(case, total=card.total + 1, within="0.99")

    testing.check_cases(attrs.evolve(instrument, cases=[case]))
    with pytest.raises(CheckError):
        testing.check_cases(attrs.evolve(instrument, cases=[case, off]))


# Faults.


@pytest.mark.parametrize(
    ("planted", "check", "said", "others"), [(a, b, c, set(d)) for a, b, c, *d in FAULTS.values()], ids=FAULTS
)
def test_a_planted_fault_is_found_by_its_check_and_no_other(planted, check, said, others):
    found = _found(planted())
    text = found.pop(check)

    assert others == found.keys()
    assert said in (text.removeprefix("loket-2024: "), *text.split("\n  ")[1:])


def test_there_are_twenty_faults_and_some_for_each_check():
    checked = {check for _, check, *_ in FAULTS.values()}

    assert 20 <= len(FAULTS)
    assert {check.__name__.removeprefix("check_") for check in CHECKS} == checked
    assert sum(not others for _, _, _, *others in FAULTS.values()) >= 17


def test_a_check_tells_all_that_it_finds():
    with pytest.raises(CheckError) as caught:
        testing.check_languages(edited((', en = "Fees are posted"', ""), (', en = "red"', "")))

    assert (
        "loket-2024 has 2 problems\n"
        "  the text is not there in 'en', a language of the title; add it @ criteria['tarif'].title\n"
        "  the text is not there in 'en', a language of the title; add it @ zones.bands[0].label"
        == str(caught.value)
    )
    assert ("language", 2) == (caught.value.code, len(caught.value.problems))


def test_what_a_check_raises_fails_a_test_and_can_be_kept():
    with pytest.raises(AssertionError) as caught:
        testing.check_json(ruled(mean))

    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))
    assert f"loket-2024: {OWN}" == str(caught.value)


def test_an_instrument_that_comes_back_as_another_is_told(monkeypatch):
    made = edited()
    monkeypatch.setattr(
        type(made), "from_json", classmethod(lambda cls, text: attrs.evolve(made, issuer="another"))
    )
    with pytest.raises(CheckError) as caught:
        testing.check_json(made)

    assert "loket-2024: it comes back from its JSON with another issuer" == str(caught.value)


def test_a_language_that_is_lacking_for_a_reason_is_no_fault():
    made = edited(
        (
            'title = { id = "Tarif dipasang", en = "Fees are posted" }',
            'title = { en = "Fees are posted" }\ndisputed = "the word was not read"',
        )
    )

    assert {} == _found(made)


def test_printed_weights_that_say_their_sum_are_sound_and_so_are_the_ends_as_they_were_meant():
    made = edited(
        (
            'rule = "weighted_mean"',
            'rule = "weighted_sum"\nrescale = true\nweights = { whole = 100, sum = 99 }',
        ),
        ("weight = 30", "weight = 29"),
        ("total = 90", "total = 89"),
    )

    assert 99 == made.attainable
    assert {} == _found(made)


# The index.


def test_an_index_is_checked_against_the_files(tmp_path):
    (tmp_path / "kios-1.toml").write_text(kiosk("kios-1"))
    said = (
        f"{tmp_path.name}: the index 'editions.jsonl' is not what the files say; "
        "write it anew with pelayanan.packages.write_index @ editions.jsonl"
    )
    with pytest.raises(CheckError) as absent:
        check_index(tmp_path)
    write_index(tmp_path)
    check_index(tmp_path)
    (tmp_path / "kios-2.toml").write_text(kiosk("kios-2"))
    with pytest.raises(CheckError) as older:
        check_index(tmp_path)

    assert [said, said] == [str(absent.value), str(older.value)]
    assert (tmp_path / INDEX).read_text().count("\n") == 1
