"""The details of an event in words: what each is called, and how its value reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from intranet.core.clock import OSLO
from intranet.core.text import _, _l

SUBJECTS: dict[str, Any] = {
    "account": _l("Konto"),
    "article": _l("Nyhet"),
    "backup": _l("Sikkerhetskopi"),
    "crisis": _l("Krisemelding"),
    "clock_rule": _l("Regel for frister"),
    "delegation": _l("Fullmakt"),
    "delegation_kind": _l("Type fullmakt"),
    "deviation": _l("Avvik"),
    "document": _l("Dokument"),
    "document_register": _l("Dokumentregister"),
    "document_take_in": _l("Inntak av dokumenter"),
    "law_import": _l("Henting av lover"),
    "login": _l("Innlogging"),
    "page_problem": _l("Feil på en side"),
    "person": _l("Person"),
    "reading": _l("Lesing"),
    "search_pin": _l("Festet svar i søket"),
    "search_synonym": _l("Ord som betyr det samme"),
    "stand_in": _l("Stedfortreder"),
    "sync_run": _l("Henting fra katalogen"),
    "unit_law": _l("Linje på lovliste"),
    "vacancy": _l("Stilling"),
    "whistle_case": _l("Varslingssak"),
}
# Without "_before" and "_after", which every name may have.
NAMES: dict[str, Any] = {
    "": _l("tilstand"),
    "accounts": _l("kontoer"),
    "action": _l("tiltak"),
    "central": _l("tillegg til"),
    "action_state": _l("tiltaket er"),
    "amount": _l("beløp"),
    "answer": _l("svar"),
    "approver": _l("godkjenner"),
    "as_of": _l("utgave per"),
    "because": _l("på grunn av"),
    "cases": _l("saker"),
    "category": _l("type"),
    "causes": _l("årsaker"),
    "change": _l("endring"),
    "changed": _l("endret"),
    "clock": _l("frist etter loven"),
    "closed": _l("lukket"),
    "consequence": _l("konsekvens"),
    "days": _l("dager"),
    "deadline_at": _l("søknadsfrist"),
    "delegation": _l("fullmakt"),
    "delegation_kind": _l("type fullmakt"),
    "drafts": _l("utkast"),
    "dropped": _l("ikke sendt"),
    "due": _l("frist"),
    "due_at": _l("frist"),
    "due_on": _l("frist"),
    "duplicate": _l("duplikat"),
    "effect": _l("effekt"),
    "effective_on": _l("gjelder fra"),
    "ended_on": _l("gjelder ikke fra"),
    "ends_on": _l("siste dag"),
    "evaluate_on": _l("evalueres"),
    "expire_at": _l("tas ned"),
    "failed": _l("ikke tatt inn"),
    "failures": _l("mislykkede forsøk"),
    "fault": _l("feil"),
    "field": _l("felt"),
    "fields": _l("felter"),
    "file": _l("fil"),
    "files": _l("filer"),
    "follow_up": _l("oppfølging"),
    "form": _l("form"),
    "former_number": _l("gammelt nummer"),
    "handler": _l("behandler"),
    "is_active": _l("i bruk"),
    "is_confidential": _l("fortrolig"),
    "is_public": _l("vist for melderen"),
    "kind": _l("slag"),
    "known": _l("tatt inn før"),
    "law": _l("lov"),
    "letter": _l("brev"),
    "level": _l("nivå"),
    "lines": _l("linjer"),
    "mails": _l("e-poster"),
    "main": _l("hovedsak"),
    "may_pass_on": _l("kan gis videre"),
    "measures": _l("antall tiltak"),
    "met_at": _l("gjort"),
    "missing": _l("mangler"),
    "name": _l("navn"),
    "next_on": _l("neste frist"),
    "note": _l("merknad"),
    "number": _l("nummer"),
    "office": _l("leder av"),
    "other": _l("annen sak"),
    "outcome": _l("utfall"),
    "owner": _l("eier"),
    "page": _l("side"),
    "parent": _l("bygger på fullmakt"),
    "passed": _l("gikk forbi"),
    "person": _l("person"),
    "persons": _l("personer"),
    "probability": _l("sannsynlighet"),
    "provisions": _l("hjemler"),
    "publish_at": _l("vises fra"),
    "published": _l("publisert"),
    "question": _l("spørsmål"),
    "questions": _l("spørsmål"),
    "readers": _l("lesere"),
    "reason": _l("grunn"),
    "reference": _l("referanse"),
    "responsible": _l("ansvarlig"),
    "review_on": _l("gjennomgås"),
    "revision": _l("versjon"),
    "role": _l("rolle"),
    "section": _l("paragraf"),
    "sends_mail": _l("e-post til alle"),
    "sent_at": _l("sendt"),
    "sessions": _l("økter"),
    "severity": _l("alvorlighet"),
    "shown": _l("vist"),
    "signal": _l("påminnelse"),
    "source": _l("kilde"),
    "started": _l("startet"),
    "started_at": _l("startet"),
    "starts_on": _l("første dag"),
    "state": _l("tilstand"),
    "take_in": _l("inntak"),
    "title": _l("tittel"),
    "to": _l("til"),
    "unit_id": _l("enhet"),
    "version": _l("versjon"),
    "was_due_on": _l("frist"),
    "with": _l("sammen med fullmakt"),
    "withheld": _l("sladdet"),
    "target": _l("fører til"),
    "words": _l("ord"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}.*")
_CASE_NUMBER = re.compile(r"(20\d{2})(\d{5})")
_CASES = frozenset({"number", "main", "duplicate", "other", "cases"})
_SIDES = {"before": _l("før"), "after": _l("etter")}


# By the name of a detail, without its side: what each code in it is called.
Codes = Mapping[str, Mapping[str, Any]]


def list_details(
    subject: str | None, subject_id: object, details: Mapping[str, Any], codes: Codes
) -> Iterator[tuple[str, str]]:
    """Yield what each detail is called and what it says, first of what it is about."""
    if subject:
        yield str(SUBJECTS.get(subject, subject)), str(subject_id)
    for name, value in details.items():
        yield _name(name), _value(name, value, codes.get(_stem(name), {}))


def _stem(name: str) -> str:
    stem, _underline, side = name.rpartition("_")
    return stem if side in _SIDES else name


def _name(name: str) -> str:
    stem, _underline, side = name.rpartition("_")
    if side not in _SIDES:
        return str(NAMES.get(name, name))
    return f"{NAMES.get(stem, stem)} {_SIDES[side]}"


def _value(name: str, value: Any, words: Mapping[str, Any]) -> str:
    if value is None or value == "" or value == []:
        return _("ingen")
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if isinstance(value, list):
        return ", ".join(_value(name, each, words) for each in value)
    text = str(value)
    if text in words:
        return str(words[text])
    if name in _CASES and (case := _CASE_NUMBER.fullmatch(text)):
        return f"{case[1]}-{int(case[2]):04d}"
    try:
        if _DAY.fullmatch(text):
            return f"{date.fromisoformat(text):%d.%m.%Y}"
        if _MOMENT.fullmatch(text):
            return f"{datetime.fromisoformat(text).astimezone(OSLO):%d.%m.%Y kl. %H.%M}"
    except ValueError:
        pass
    return text
