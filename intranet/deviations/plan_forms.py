"""The form of a written plan: shapes and limits of what is typed; decides nothing."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from intranet.core.text import _l
from intranet.deviations.forms import SHORT, TOO_LONG
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import MOST_MEASURES, PlanContent, PlanMeasure
from intranet.web.forms import BaseForm

FEWEST_ROWS, MORE_ROWS = 3, 2


class PlanForm(BaseForm):
    """What the law asks that a plan says. Not guarded: it is a place for names."""

    based_on = HiddenField()
    problem = TextAreaField(
        _l("Hvilke problemer skal planen løse?"),
        validators=[
            DataRequired(_l("Skriv hva planen skal løse.")),
            Length(max=SHORT, message=TOO_LONG),
        ],
        render_kw={"rows": 3},
    )
    child_view = TextAreaField(
        _l("Hva mener barnet eller eleven selv?"),
        validators=[
            DataRequired(_l("Skriv hva barnet eller eleven selv mener.")),
            Length(max=SHORT, message=TOO_LONG),
        ],
        description=_l("Gjengi det barnet har sagt. Er barnet lite, skriv hva dere har sett."),
        render_kw={"rows": 3},
    )
    evaluate_on = DateField(
        _l("Når skal tiltakene evalueres?"), validators=[DataRequired(_l("Velg en dag."))]
    )
    change_note = TextAreaField(
        _l("Hva er endret siden sist?"),
        validators=[Length(max=SHORT, message=TOO_LONG)],
        render_kw={"rows": 2},
    )
    late_reason = TextAreaField(
        _l("Hvorfor ble planen for sen?"),
        validators=[Length(max=SHORT, message=TOO_LONG)],
        description=_l(
            "Fristen for planen er ute. Grunnen står i historikken, så ikke skriv navn."
        ),
        render_kw={"rows": 2},
    )
    rows: int = 0

    def measure_fields(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each measure: what, who and the day."""
        found = self._fields
        return [
            (found[f"what_{row}"], found[f"who_{row}"], found[f"day_{row}"])
            for row in range(self.rows)
        ]

    def content(self) -> tuple[PlanContent | None, bool]:
        """Return what the form says, and whether each measure that was begun is whole."""
        measures, is_whole = [], True
        for what, who, day in self.measure_fields():
            if not (what.data or who.data or day.data):
                continue
            if what.data and who.data and day.data:
                measures.append(PlanMeasure(what.data, who.data, day.data))
            else:
                is_whole = False
        if self.evaluate_on.data is None:
            return None, is_whole
        content = PlanContent(
            self.problem.data or "",
            self.child_view.data or "",
            measures,
            self.evaluate_on.data,
            self._text("change_note"),
        )
        return content, is_whole

    def late_words(self) -> str:
        """Return why it came too late, where that was asked."""
        return self._text("late_reason")

    def _text(self, name: str) -> str:
        field = self._fields.get(name)
        return (field.data or "") if field is not None else ""


def plan_form(
    newest: DeviationPlan | None, *, is_late: bool, rows: int | None = None, is_sent: bool = False
) -> PlanForm:
    """Return the form: filled in with the newest version, or as sent with `rows` measures."""
    kept = [] if newest is None else [PlanMeasure.of_row(row) for row in newest.measures]
    count = max(FEWEST_ROWS, len(kept) + 1) if rows is None else rows
    fields: dict[str, Any] = {"rows": max(1, min(count, MOST_MEASURES))}
    for row in range(fields["rows"]):
        fields |= _measure(row)
    form_class = type("WrittenPlanForm", (PlanForm,), fields)
    form: PlanForm = (
        form_class() if is_sent else form_class(formdata=None, data=_data(newest, kept))
    )
    if newest is None:
        del form.change_note
    if not is_late:
        del form.late_reason
    return form


def _measure(row: int) -> dict[str, Any]:
    place = {"number": row + 1}
    return {
        f"what_{row}": TextAreaField(
            _l("Hva skal gjøres i tiltak %(number)s?", **place),
            validators=[Length(max=1000, message=TOO_LONG)],
            render_kw={"rows": 2},
        ),
        f"who_{row}": StringField(
            _l("Hvem gjør tiltak %(number)s?", **place),
            validators=[Length(max=200, message=TOO_LONG)],
        ),
        f"day_{row}": DateField(
            _l("Når er tiltak %(number)s gjort?", **place), validators=[Optional()]
        ),
    }


def _data(newest: DeviationPlan | None, kept: list[PlanMeasure]) -> dict[str, Any]:
    if newest is None:
        return {"based_on": 0}
    found: dict[str, Any] = {
        "based_on": newest.number,
        "problem": newest.problem,
        "child_view": newest.child_view,
        "evaluate_on": newest.evaluate_on,
    }
    for row, each in enumerate(kept):
        found |= {f"what_{row}": each.what, f"who_{row}": each.who, f"day_{row}": each.day}
    return found
