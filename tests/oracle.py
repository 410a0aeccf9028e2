"""
The slow and obvious way to a total: fractions, one unit, one recursion over dotted codes.

It reads an instrument's own fields and nothing that the library works out from them.
"""

import math
from fractions import Fraction

from pelayanan import MISSING, NOT_APPLICABLE, Group, Rounding


def number(value):
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(str(value)) if not isinstance(value, Fraction) else value


def share_of(scale, answer):
    if scale.options and not scale.between:
        (share,) = {o.share for o in scale.options if o.code == str(answer) or _same(o.code, answer)}
        return Fraction(share)
    x = number(answer)
    if scale.high is not None:
        return x / scale.high
    if scale.of is not None:
        return min(x, Fraction(scale.full)) / scale.full
    if scale.steps:
        return Fraction(max((start, share) for start, share in scale.steps if start <= x)[1])
    points = sorted((number(o.code), o.share) for o in scale.options) or list(scale.anchors)
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    raise AssertionError(answer)


def _same(code, answer):
    try:
        return Fraction(code) == number(answer)
    except ValueError:
        return False


def worst_of(scale):
    if scale.high is not None:
        return scale.low / scale.high
    if scale.of is not None:
        return Fraction(0)
    return min(
        y
        for y in [o.share for o in scale.options] + [y for _, y in (*scale.anchors, *scale.steps)]
        if y is not None
    )


def policy(instrument, code):
    while code:
        if instrument.criteria[code].missing:
            return instrument.criteria[code].missing
        code = code.rpartition(".")[0]
    return instrument.root.missing or instrument.missing


def exact_total(instrument, answers):
    """Return the exact total of one unit, or None."""
    answers = {
        code: NOT_APPLICABLE if not _asked(instrument, code, answers) else answers.get(code, MISSING)
        for code, each in instrument.criteria.items()
        if not isinstance(each, Group)
    }
    asked = [
        code for code, each in instrument.criteria.items() if not isinstance(each, Group) and each.scored
    ]
    applicable = [code for code in asked if answers.get(code, MISSING) is not NOT_APPLICABLE]
    answered = [code for code in applicable if answers.get(code, MISSING) is not MISSING]
    if not answered or len(answered) < (instrument.root.least_answered or 0) * len(applicable):
        return None
    share = _staged(instrument, "*", _group(instrument, instrument.root, "", answers), answers)
    return None if share is None else instrument.maximum * share


def _asked(instrument, code, answers):
    """Return whether all conditions of a criterion and of the groups above it hold."""
    held = True
    while code:
        for condition in instrument.criteria[code].asked_if:
            about = condition.criterion
            given = answers.get(about, MISSING)
            stated = given in (MISSING, NOT_APPLICABLE)
            same = not stated and any(each == given or _same(str(each), given) for each in condition.is_)
            held = held and same and _asked(instrument, about, answers)
        code = code.rpartition(".")[0]
    return held


def _below(instrument, prefix, *, leaves):
    found = []
    for code, each in instrument.criteria.items():
        inside = code.startswith(prefix) if prefix else True
        if not inside or (not leaves and "." in code[len(prefix) :]):
            continue
        if not (leaves and isinstance(each, Group)):
            found.append(code)
    return [code for code in found if _scored(instrument, code)]


def _scored(instrument, code):
    each = instrument.criteria[code]
    if isinstance(each, Group):
        return any(_scored(instrument, c) for c in _below(instrument, f"{code}.", leaves=True))
    return each.scored


def _group(instrument, group, prefix, answers):
    members = _below(instrument, prefix, leaves=False)
    whole = Fraction(1 if group.weights.whole is None else group.weights.whole)
    weights = [_weight(instrument, code) for code in members]
    shares = [_share(instrument, code, answers) for code in members]
    answered = [(w, s) for w, s in zip(weights, shares) if s is not None]
    if not answered:
        return None
    rule, found = group.rule.name, sorted(s for _, s in answered)
    if rule == "weakest_link":
        return found[0]
    if rule == "weakest_link_plus":
        return min(found[0] + group.plus, found[-1])
    if rule == "all_or_nothing":
        return Fraction(1 if found[0] >= 1 else 0)
    if rule == "step":
        total = sum(w * s for w, s in answered)
        return Fraction([share for start, share in group.steps[str(len(answered))] if start <= total][-1])
    above = sum(w * s for w, s in answered)
    if group.rule.name == "weighted_mean":
        return above / sum(w for w, _ in answered)
    if group.rescale:
        return above / sum(w for w, _ in answered) * sum(weights) / whole
    return above / whole


def _staged(instrument, code, share, answers):
    """Return a share after what is rounded at its criterion."""
    parent = code.rpartition(".")[0] or "*"
    for stage in instrument.rounding_stages:
        if share is not None and (stage.at == code or (stage.of_group == parent and code != "*")):
            unit = instrument.maximum * (
                _worth(instrument, code, answers) if stage.of == "contribution" else 1
            )
            grid = stage.step or Fraction(1, 10**stage.decimals)
            share = rounded(share * unit / grid, Rounding(0, stage.mode)) * grid / unit
    return share


def _worth(instrument, code, answers):
    """Return the part of the whole that a criterion is worth, after what is left out."""
    if code == "*":
        return Fraction(1)
    parent = code.rpartition(".")[0]
    prefix, group = (f"{parent}.", instrument.criteria[parent]) if parent else ("", instrument.root)
    members = _below(instrument, prefix, leaves=False)
    there = [each for each in members if _is_there(instrument, each, answers)]
    part = _weight(instrument, code) / sum(_weight(instrument, each) for each in there)
    if group.rule.name == "weighted_sum":
        whole = Fraction(1 if group.weights.whole is None else group.weights.whole)
        carried = members if group.rescale else there
        part *= sum(_weight(instrument, each) for each in carried) / whole
    return part * _worth(instrument, parent or "*", answers)


def _is_there(instrument, code, answers):
    if isinstance(instrument.criteria[code], Group):
        below = _below(instrument, f"{code}.", leaves=True)
        return any(_is_there(instrument, each, answers) for each in below)
    return _plain_share(instrument, code, answers) is not None


def _weight(instrument, code):
    """Return a printed weight, a part of what the others leave, or what the leaves below weigh."""
    above, carrier = code, None
    while above:
        above = above.rpartition(".")[0]
        group = instrument.criteria[above] if above else instrument.root
        if group.weights.over == "leaves":
            carrier, prefix = group, f"{above}." if above else ""
    if carrier is None:
        prefix = f"{code.rpartition('.')[0]}." if "." in code else ""
        carrier = instrument.criteria[prefix[:-1]] if prefix else instrument.root
        listed = _below(instrument, prefix, leaves=False)
    else:
        listed = _below(instrument, prefix, leaves=True)
    if carrier.rule.name == "step":
        return instrument.criteria[code].weight
    if carrier.rule.name.startswith(("weakest", "all")):
        return Fraction(1)
    printed = {each: instrument.criteria[each].weight for each in listed}
    given = sum((w for w in printed.values() if w is not None), Fraction(0))
    left = Fraction(1 if carrier.weights.whole is None else carrier.weights.whole) - given
    absent = list(printed.values()).count(None)
    weights = {each: Fraction(left / absent if w is None else w) for each, w in printed.items()}
    if code in weights:
        return weights[code]
    return sum(weight for each, weight in weights.items() if each.startswith(f"{code}."))


def _share(instrument, code, answers):
    return _staged(instrument, code, _plain_share(instrument, code, answers), answers)


def _plain_share(instrument, code, answers):
    each = instrument.criteria[code]
    if isinstance(each, Group):
        return _group(instrument, each, f"{code}.", answers)
    answer = answers.get(code, MISSING)
    if answer is NOT_APPLICABLE:
        return None
    if answer is MISSING:
        return {"zero": Fraction(0), "lowest": worst_of(each.scale)}.get(policy(instrument, code))
    return share_of(each.scale, answer)


def rounded(value, rounding):
    if rounding is None:
        return value
    scaled = value * 10**rounding.decimals
    low = math.floor(scaled)
    rest = scaled - low
    if rounding.mode == "down":
        up = 0
    elif rest == Fraction(1, 2):
        up = 1 if rounding.mode == "half_up" else low % 2
    else:
        up = int(rest > Fraction(1, 2))
    return Fraction(low + up, 10**rounding.decimals)


def zone(instrument, exact):
    """Return the index of the band of an exact total, -1 for none."""
    rule = instrument.zones.decide_on
    deciding = exact
    if rule != "exact":
        deciding = rounded(exact, instrument.rounding if rule == "published" else rule)
    bands = instrument.zones.bands
    for index, band in enumerate(bands):
        after = bands[index + 1] if index + 1 < len(bands) else None
        starts = (
            deciding >= band.floor if band.floor is not None else band.above is None or deciding > band.above
        )
        if band.ceiling is not None:
            ends = deciding <= band.ceiling
        elif band.below is not None:
            ends = deciding < band.below
        elif after is None:
            ends = True
        else:
            ends = deciding < after.floor if after.floor is not None else deciding <= after.above
        if starts and ends:
            return index
    return -1
