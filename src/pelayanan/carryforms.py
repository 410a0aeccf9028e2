"""
How crosswalks, loss reports and carried answers stand in JSON.
"""

from collections.abc import Callable
from typing import Any

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from pelayanan.answers import Answers
from pelayanan.carrying import Carried
from pelayanan.crosswalk import Crosswalk
from pelayanan.exchange import cell_of, cell_said, formless, label_of, labels_said
from pelayanan.files import exchange_tables
from pelayanan.losses import Loss, Losses
from pelayanan.mapping import FrozenMapping
from pelayanan.wording import kind_of
from pelayanan.writing import said

__all__ = ["carries_registered", "carries_said"]

Table = dict[str, Any]
Said = Callable[[Any], Table]


def carries_said(answers_said: Said) -> dict[type, Said]:
    """
    Return by kind what gives the form of a value.

    Args:
        answers_said: What gives that of a table of answers.
    """

    def carried_said(carried: Carried) -> Table:
        if isinstance(carried.answers, Answers):
            return {"table": answers_said(carried.answers), "losses": _losses_said(carried.losses)}
        return {"unit": _cells_said(carried.answers), "losses": _losses_said(carried.losses)}

    return {Carried: carried_said, Crosswalk: _crosswalk_said, Loss: _loss_said, Losses: _losses_said}


def _cells_said(answers: FrozenMapping[Any]) -> Table:
    found = {}
    for code, cell in answers.items():
        try:
            found[code] = cell_said(cell)
        except TypeError as error:
            raise formless("Carried", str(error), f"answers[{code!r}]") from error
    return found


def _crosswalk_said(crosswalk: Crosswalk) -> Table:
    editions = {name: exchange_tables(getattr(crosswalk, name)) for name in ("before", "after")}
    parts = {name: said(getattr(crosswalk, name)) for name in ("links", "title", "sources")}
    return editions | {name: each for name, each in parts.items() if each}


def _loss_said(loss: Loss) -> Table:
    found: Table = said(attrs.evolve(loss, units=()))
    return found | ({"units": labels_said(loss.units)} if loss.units else {})


def _losses_said(losses: Losses) -> Table:
    return {**said(attrs.evolve(losses, lines=())), "lines": [_loss_said(each) for each in losses.lines]}


@attrs.frozen(eq=False, repr=False)
class _Carried:
    """The JSON form of carried answers: a table, or the answers of one unit."""

    losses: Losses
    table: Answers | None = None
    unit: dict[str, Any] | None = None

    def value(self) -> Carried:
        """Return the carried answers."""
        given = [each for each in (self.table, self.unit) if each is not None]
        if len(given) != 1:
            raise ValueError("expected either a table of answers or those of one unit")
        return Carried(given[0], self.losses)


def carries_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter that knows answers and instruments to make these values of their forms.
    """
    strict: Any = {"_cattrs_forbid_extra_keys": True, "_cattrs_detailed_validation": True}
    loss = make_dict_structure_fn(Loss, converter, units=override(struct_hook=_labels_of), **strict)
    converter.register_structure_hook(Loss, _of_table(loss))
    carried = make_dict_structure_fn(_Carried, converter, unit=override(struct_hook=_cells_of), **strict)
    converter.register_structure_hook(Carried, lambda value, kind: _of_table(carried)(value, kind).value())


def _of_table(structure: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def structured(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected a table, not {kind_of(value)}")
        return structure(value, kind)

    return structured


def _labels_of(value: Any, _: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, not {kind_of(value)}")
    return tuple(label_of(each) for each in value)


def _cells_of(value: Any, _: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, not {kind_of(value)}")
    return {code: cell_of(cell) for code, cell in value.items()}
