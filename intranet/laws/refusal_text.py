"""Says in plain words why an archive was refused."""

from __future__ import annotations

from intranet.core.text import _, _l
from intranet.laws.archive import Refusal

_TEXTS = {
    Refusal.UNKNOWN_FORMAT: _l("Filen er ikke et arkiv av typen tar, tar.gz eller tar.bz2."),
    Refusal.BROKEN: _l("Arkivet er skadet eller avbrutt."),
    Refusal.TOO_LARGE: _l("Arkivet pakker ut til mer enn det som er tillatt."),
    Refusal.TOO_MANY: _l("Arkivet inneholder for mange filer."),
    Refusal.MEMBER_TOO_LARGE: _l("En fil i arkivet er for stor."),
    Refusal.UNSAFE_NAME: _l("En fil i arkivet har et navn som ikke er tillatt."),
    Refusal.NOT_A_FILE: _l("Arkivet inneholder noe annet enn vanlige filer."),
    Refusal.DUPLICATE_NAME: _l("Samme dokument ligger to ganger i arkivet."),
    Refusal.NO_LAWS: _l("Arkivet inneholder ingen lovtekster."),
    Refusal.UNSAFE_XML: _l(
        "Et dokument har innhold som ikke er tillatt (DTD, entiteter eller ukjent tegnsett)."
    ),
    Refusal.BROKEN_XML: _l("Et dokument i arkivet er ikke gyldig XML."),
    Refusal.TOO_DEEP: _l("Et dokument i arkivet er for dypt nøstet."),
    Refusal.NOT_A_LAW: _l("Et dokument i arkivet mangler lovens identifikator (RefID)."),
}  # fmt: skip


def refusal_text(code: Refusal, member: str) -> str:
    """One or two sentences: what is wrong, in which file, and that nothing has been changed."""
    reason = str(_TEXTS[code])
    if member:
        reason += " " + _("Fil: %(name)s.", name=member)
    return reason + " " + _("Ingenting er endret.")
