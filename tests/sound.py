"""
A rubric that is sound in all that the kit checks, and faults that are planted in it, one at a time.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs

import pelayanan
from pelayanan import Instrument
from pelayanan.aggregation import RULES, Rule
from pelayanan.criterion import Group

SOUND = """\
format = 1
id = "loket-2024"
family = "loket"
title = { id = "Penilaian loket", en = "Assessment of counters" }
maximum = 100
missing = "refuse"
rounding = { decimals = 2, mode = "half_up" }
source = "SK"
standing.missing = { is = "assumed", why = "the decree does not say what happens" }

[sources.SK]
title = "Invented decree 1/2024"

[scales.papan]
source = "SK"
options = [
    { code = "tidak", share = 0, label = { id = "tidak ada", en = "absent" } },
    { code = "sebagian", share = "1/2" },
    { code = "ada", share = 1 },
]

[root]
rule = "weighted_mean"
source = "SK"

[[criteria]]
code = "tarif"
title = { id = "Tarif dipasang", en = "Fees are posted" }
weight = 30
scale = "papan"
labels = { ada = { id = "dipasang", en = "posted" } }
source = "SK"

[[criteria]]
code = "loket"
title = { id = "Ada loket", en = "There is a counter" }
scale = "papan"
scored = false
source = "SK"

[[criteria]]
code = "antre"
title = { id = "Antrean", en = "Queue" }
weight = 50
asked_if = { criterion = "loket", is = ["ada"] }
source = "SK"

[[criteria]]
code = "antre.nomor"
scale = "papan"
weight = 40
source = "SK"

[[criteria]]
code = "antre.khusus"
scale = { range = { low = 0, high = 4 } }
weight = 60
missing = "zero"
source = "SK"

[[criteria]]
code = "kepuasan"
scale = { range = { low = 0, high = 10 } }
weight = 20
source = "SK"
standing.weight = { is = "inferred", why = "what the others leave of 100" }

[zones]
decide_on = "published"
source = "SK"

[[zones.bands]]
code = "merah"
floor = 0
ceiling = 50
gap_after = true
label = { id = "merah", en = "red" }
source = "SK"

[[zones.bands]]
code = "kuning"
floor = 51
label = { id = "kuning", en = "yellow" }
source = "SK"

[[zones.bands]]
code = "hijau"
floor = 80
ceiling = 100
label = { id = "hijau", en = "green" }
requires = [{ criterion = "tarif", at_least = 1, of = "share" }]
source = "SK"

[[marks]]
code = "tuntas"
label = { id = "Tuntas", en = "Complete" }
requires = [{ each_of = "antre", at_least = "1/2", of = "share" }]
source = "SK"

[[cases]]
name = "Kantor A"
answers = { tarif = "ada", loket = "ada", "antre.nomor" = "ada", "antre.khusus" = 4, kepuasan = 5 }
expects = { total = 90, zone = "hijau" }
source = "SK"
"""


def edited(*edits: tuple[str, str]) -> Instrument:
    """Return the sound rubric with parts of its text replaced, each there and once."""
    text = SOUND
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return pelayanan.parse(text)


def ruled(exact: Callable[..., Fraction], **said: object) -> Instrument:
    """Return the sound rubric with a rule of one's own over its first level, and without cases."""
    made = edited()
    rule = Rule("own", _own(exact), version="1", **said)
    return attrs.evolve(made, root=attrs.evolve(made.root, rule=rule), cases=())


def _own(exact: Callable[..., Fraction]) -> Callable[..., Fraction | None]:
    def of_answered(shares: Sequence[Fraction | None], weights: Sequence[Fraction], terms: object):
        pairs = [(share, weight) for share, weight in zip(shares, weights) if share is not None]
        return exact([share for share, _ in pairs], [weight for _, weight in pairs]) if pairs else None

    return of_answered


def mean(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    return sum((share * weight for share, weight in zip(shares, weights)), Fraction(0)) / sum(weights)


def capped(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The mean, but 1/5 where it lies between a half and nine tenths."""
    found = mean(shares, weights)
    return Fraction(1, 5) if Fraction(1, 2) < found < Fraction(9, 10) else found


def moody() -> Callable[..., Fraction]:
    """Return a mean that is otherwise each second time that it is asked."""
    asked = []

    def exact(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
        asked.append(0)
        return mean(shares, weights) * (1 - Fraction(len(asked) % 2, 100))

    return exact


def mismatched() -> Instrument:
    """Return one whose kernel gives the lowest share, and whose exact twin the mean."""
    return ruled(mean, kernel=RULES["weakest_link"].kernel)


def gated() -> Instrument:
    """Return one whose total is that of its first part, where a better answer breaks a requirement."""
    made = ruled(lambda shares, weights: shares[0])
    rule = attrs.evolve(made.root.rule, exact=_own(capped))
    criteria = [
        attrs.evolve(each, rule=rule) if isinstance(each, Group) else each for each in made.criteria.values()
    ]
    low, _, high = made.zones.bands
    least = attrs.evolve(high.requires[0], criterion="antre", at_least="3/10")
    bands = [attrs.evolve(low, ceiling=None, gap_after=False), attrs.evolve(high, requires=[least])]
    return attrs.evolve(made, criteria=criteria, zones=attrs.evolve(made.zones, bands=bands))
