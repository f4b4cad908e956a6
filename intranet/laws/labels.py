"""Words for where a law stands and what will happen to it."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date

from intranet.core.text import _, _l
from intranet.laws.amendments import ChangeKind, ComingChange
from intranet.laws.comparing import SectionChange
from intranet.laws.in_force import InForce

# What an edition did to a paragraph, and the colour of its tag.
CHANGE_LABELS = {
    SectionChange.ADDED: (_l("Ny"), "success"),
    SectionChange.TEXT: (_l("Endret"), "info"),
    SectionChange.TITLE: (_l("Ny overskrift"), "info"),
    SectionChange.REPEALED: (_l("Opphevet"), "danger"),
}


def standing_label(state: InForce) -> tuple[str, str]:
    """A short label, and the colour of its tag."""
    return {
        InForce.IN_FORCE: (_("I kraft"), "success"),
        InForce.PARTLY: (_("Delvis i kraft"), "warning"),
        InForce.FUTURE: (_("Ikke i kraft ennå"), "warning"),
        InForce.NOT_SET: (_("Ikke i kraft"), "danger"),
        InForce.EXPIRED: (_("Ikke lenger i kraft"), "danger"),
        InForce.GONE: (_("Opphevet"), "danger"),
    }[state]


def standing_sentence(
    state: InForce, *, first: date | None, until: date | None, gone: date | None, text: str
) -> str:
    """One sentence for the top of the law's page; empty when there is nothing to warn of."""
    if state is InForce.FUTURE and first:
        return _("Gjelder fra %(day)s. Den er ikke i kraft ennå.", day=in_words(first))
    if state is InForce.NOT_SET:
        return _("Ikke satt i kraft. Kilden sier: %(text)s.", text=text)
    if state is InForce.EXPIRED and until:
        return _("Gjaldt til og med %(day)s.", day=in_words(until))
    if state is InForce.GONE and gone:
        return _(
            "Finnes ikke blant Lovdatas gjeldende regler %(day)s. "
            "Den er trolig opphevet eller avløst av en annen.",
            day=in_words(gone),
        )
    if state is InForce.PARTLY:
        return _("Deler av den er ikke satt i kraft. Kilden sier: %(text)s.", text=text)
    return ""


def change_sentence(change: ComingChange, today: date) -> str:
    """What a note announces, in words: the text shown may not be the one that holds."""
    if change.on is None:
        return {
            ChangeKind.AMENDED: _("Endring er vedtatt, men dagen er ikke bestemt."),
            ChangeKind.REPEALED: _("Vedtatt opphevet, men dagen er ikke bestemt."),
            ChangeKind.ADDED: _("Vedtatt tilføyd, men dagen er ikke bestemt."),
        }[change.kind]
    day = in_words(change.on)
    if change.on <= today:
        return {
            ChangeKind.AMENDED: _(
                "Endret fra %(day)s. Teksten under er fra før endringen.", day=day
            ),
            ChangeKind.REPEALED: _(
                "Opphevet fra %(day)s. Teksten under gjelder ikke lenger.", day=day
            ),
            ChangeKind.ADDED: _(
                "Tilføyd fra %(day)s. Teksten er kanskje ikke tatt inn her ennå.", day=day
            ),
        }[change.kind]
    return {
        ChangeKind.AMENDED: _("Endres fra %(day)s.", day=day),
        ChangeKind.REPEALED: _("Oppheves fra %(day)s.", day=day),
        ChangeKind.ADDED: _("Tilføyes fra %(day)s.", day=day),
    }[change.kind]


def in_words(day: date) -> str:
    """A day with its year: an edition is read for years."""
    return str(format_date(day, "d. MMMM y"))
