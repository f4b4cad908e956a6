"""What kinds, questions and statutory clocks are called in pages; decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet.core.clock import OSLO
from intranet.core.text import _, _l, ngettext
from intranet.deviations.clocks import ClockState, Limit
from intranet.deviations.proposals import Meaning
from intranet.deviations.types import Kind, TypeFault

KINDS: dict[str, Any] = {
    Kind.ORDINARY: _l("Vanlig avvik"),
    Kind.WORK_INJURY: _l("Arbeidsskade"),
    Kind.VIOLENCE: _l("Vold eller trusler mot ansatt"),
    Kind.HARASSMENT: _l("Trakassering av ansatt"),
    Kind.DATA_BREACH: _l("Brudd på personopplysningssikkerheten"),
    Kind.CARE_EVENT: _l("Alvorlig hendelse i helse og omsorg"),
    Kind.MEDICAL_DEVICE: _l("Hendelse med medisinsk utstyr"),
    Kind.SCHOOL: _l("Skolemiljø"),
    Kind.NURSERY: _l("Barnehagemiljø"),
    Kind.INTERVENTION: _l("Fysisk inngrep i skolen"),
    Kind.FIRE: _l("Brann"),
    Kind.POLLUTION: _l("Akutt forurensning"),
    Kind.DRINKING_WATER: _l("Fare for drikkevannet"),
    Kind.DIGITAL: _l("Digital hendelse"),
    Kind.STOP_OF_WORK: _l("Verneombudet har stanset farlig arbeid"),
}

QUESTIONS: dict[str, Any] = {
    "work_injury.serious": _l("Døde noen, eller ble noen alvorlig skadet?"),
    "work_injury.register_text": _l("Hva skjedde? Skriv til skaderegisteret, uten navn og helse"),
    "work_injury.consent": _l("Har den skadde samtykket til at helseopplysninger blir registrert?"),
    "violence.police": _l("Er forholdet meldt til politiet?"),
    "violence.injured": _l("Ble noen skadet?"),
    "violence.support": _l("Hvordan følger du opp den som ble utsatt?"),
    "violence.risk_changed": _l("Hva betyr hendelsen for risikovurderingen?"),
    "harassment.support": _l("Hvordan følger du opp den som ble utsatt?"),
    "harassment.examined": _l("Hvordan er saken undersøkt? Skriv uten navn"),
    "harassment.risk_changed": _l("Hva betyr hendelsen for risikovurderingen?"),
    "data_breach.facts": _l("Hva har skjedd med opplysningene, og hvor mange gjelder det?"),
    "data_breach.risk": _l("Hvilken risiko har de som opplysningene gjelder?"),
    "data_breach.effects": _l("Hvilke følger kan bruddet få for dem?"),
    "data_breach.remedies": _l("Hva har dere gjort for å begrense skaden?"),
    "data_breach.not_reported": _l("Hvorfor melder dere ikke til Datatilsynet?"),
    "care_event.harm": _l("Døde noen, eller ble en pasient eller bruker svært alvorlig skadet?"),
    "care_event.unexpected": _l("Var utfallet uventet ut fra kjent risiko?"),
    "care_event.journal": _l("Referanse til journalen, ikke navn"),
    "medical_device.kept": _l("Er utstyret tatt vare på?"),
    "medical_device.device": _l("Hvilket utstyr, og hva skjedde med det?"),
    "school.staff": _l("Kan en som arbeider på skolen ha krenket eleven?"),
    "school.heard": _l("Hva sier eleven selv?"),
    "school.problem": _l("Plan: Hva skal løses?"),
    "school.measures": _l("Plan: Hvilke tiltak setter skolen inn?"),
    "school.who_when": _l("Plan: Hvem gjør hva, og når?"),
    "school.evaluated": _l("Plan: Når skal tiltakene evalueres?"),
    "nursery.staff": _l("Kan en som arbeider i barnehagen ha krenket barnet?"),
    "nursery.problem": _l("Plan: Hva skal løses?"),
    "nursery.measures": _l("Plan: Hvilke tiltak setter barnehagen inn?"),
    "nursery.who_when": _l("Plan: Hvem gjør hva, og når?"),
    "nursery.evaluated": _l("Plan: Når skal tiltakene evalueres?"),
    "intervention.pupil_view": _l("Hva sier eleven selv?"),
    "intervention.repeated": _l("Har det skjedd flere ganger, eller var det særlig alvorlig?"),
    "intervention.why": _l("Hvilket inngrep ble gjort, og hvorfor?"),
    "fire.brigade": _l("Rykket brannvesenet ut?"),
    "fire.dangerous_goods": _l("Var farlige stoffer med i brannen?"),
    "fire.learned": _l("Hva viste evalueringen av brannen?"),
    "pollution.substance": _l("Hva slapp ut, hvor mye og hvor?"),
    "drinking_water.subscribers": _l("Hvem er varslet, og hvordan?"),
    "digital.covered": _l("Gjelder det en tjeneste som er omfattet av digitalsikkerhetsloven?"),
    "digital.effects": _l("Hva er årsaken, og hvem er rammet?"),
    "stop_of_work.danger": _l("Hvilket arbeid er stanset, og hva er faren?"),
    "stop_of_work.leader_answer": _l("Lederens svar til verneombudet"),
}

CHOICES: dict[str, Any] = {
    "yes": _l("Ja"),
    "no": _l("Nei"),
    "unlikely": _l("Sannsynligvis ingen risiko"),
    "likely": _l("Risiko"),
    "high": _l("Høy risiko"),
}

# What is to be done, by key and phase.
CLOCKS: dict[str, Any] = {
    "work_accident.call": _l("Ring og varsle om ulykken"),
    "work_accident.confirmation": _l("Bekreft varselet skriftlig"),
    "nav_injury.report": _l("Send skademelding"),
    "violence.talk": _l("Snakk med den som ble utsatt"),
    "violence.follow_up": _l("Følg opp den som ble utsatt"),
    "harassment.talk": _l("Snakk med den som ble utsatt"),
    "harassment.follow_up": _l("Følg opp den som ble utsatt"),
    "data_breach.authority": _l("Meld bruddet"),
    "data_breach.persons": _l("Si fra til dem det gjelder"),
    "care_event.message": _l("Meld den alvorlige hendelsen"),
    "care_event.meeting": _l("Tilby et møte"),
    "care_event.report": _l("Send rapporten om hendelsen"),
    "medical_device.message": _l("Meld hendelsen med utstyret"),
    "school_staff.message": _l("Meld fra om mulig krenkelse"),
    "school_plan.plan": _l("Lag en skriftlig plan"),
    "school_plan.week": _l("Vis hva dere har gjort. Nå kan saken meldes til statsforvalteren"),
    "nursery_staff.message": _l("Meld fra om mulig krenkelse"),
    "nursery_plan.plan": _l("Lag en skriftlig plan"),
    "intervention.rector": _l("Meld fra om inngrepet"),
    "intervention.parents": _l("Fortell foreldrene om inngrepet"),
    "pollution.call": _l("Varsle om forurensningen"),
    "drinking_water.notice": _l("Varsle om drikkevannet"),
    "digital.notice": _l("Varsle om hendelsen"),
    "digital.update": _l("Oppdater varselet"),
    "digital.report": _l("Send hendelsesrapporten"),
    "stop_of_work.answer": _l("Gi verneombudet et svar"),
}

# The first thing to do, in red until the clock is settled; the numbers are the administrator's.
BANNERS: dict[str, Any] = {
    Kind.WORK_INJURY: _l(
        "Er noen død eller alvorlig skadet? Ring Arbeidstilsynet og politiet med en gang. "
        "Skriv opp når du ringte."
    ),
    Kind.POLLUTION: _l("Ring brannvesenet med en gang."),
    Kind.DRINKING_WATER: _l("Varsle abonnentene og Mattilsynet med en gang."),
    Kind.STOP_OF_WORK: _l(
        "Arbeidet er stanset til faren er borte, eller Arbeidstilsynet har tatt stilling."
    ),
}

HINTS: dict[str, Any] = {
    Kind.HARASSMENT: _l(
        "Gjelder det en leder? Velg «Steng ute en person det gjelder». Skriv navn bare i den "
        "lukkede delen."
    ),
    Kind.SCHOOL: _l(
        "Gjelder det en leder? Velg «Steng ute en person det gjelder». Saken går da forbi lederen."
    ),
    Kind.NURSERY: _l(
        "Gjelder det en leder? Velg «Steng ute en person det gjelder». Saken går da forbi lederen."
    ),
    Kind.MEDICAL_DEVICE: _l("Ikke kast utstyret. Legg det bort, og merk det."),
}

# By which law the plan is made, and what is to be done beside it.
PLAN_LAWS: dict[str, Any] = {
    Kind.SCHOOL: _l("opplæringslova §§ 12-4 og 12-5"),
    Kind.NURSERY: _l("barnehageloven §§ 42 og 43"),
}
PLAN_DUTIES: dict[str, Any] = {
    Kind.SCHOOL: _l(
        "Alle som arbeider på skolen, skal følge med, gripe inn om mulig og melde fra til rektor. "
        "Rektor melder fra til kommunen i alvorlige tilfeller. Skolen undersøker saken snarest og "
        "setter inn egnede tiltak. Eleven skal bli hørt, og hensynet til elevens beste skal være "
        "grunnleggende. Kan en som arbeider på skolen ha krenket eleven, skjer alt straks."
    ),
    Kind.NURSERY: _l(
        "Alle som arbeider i barnehagen, skal følge med og melde fra til styreren. Styreren melder "
        "fra til barnehageeieren i alvorlige tilfeller. Barnehagen undersøker saken snarest og "
        "setter inn egnede tiltak. Kan en som arbeider i barnehagen ha krenket barnet, skjer alt "
        "straks."
    ),
}

LIMITS: dict[str, Any] = {
    Limit.AT_ONCE: _l("straks"),
    Limit.HOURS: _l("timer"),
    Limit.WORKING_DAYS: _l("arbeidsdager (mandag til fredag)"),
    Limit.WEEKDAYS: _l("virkedager (lørdag teller)"),
    Limit.DAYS: _l("dager"),
    Limit.WEEKS: _l("uker"),
    Limit.MONTHS: _l("måneder"),
}

STATES: dict[str, tuple[Any, str]] = {
    ClockState.RUNNING: (_l("Fristen løper"), "warning"),
    ClockState.MET: (_l("Gjort i tide"), "success"),
    ClockState.MISSED: (_l("For sent"), "danger"),
    ClockState.NOT_APPLICABLE: (_l("Gjelder ikke"), "neutral"),
}

# What was done with a proposal of follow-up.
FOLLOW_UP: dict[str, Any] = {
    "waits": _l("Venter på svar"),
    "taken": _l("Satt opp som tiltak"),
    "declined": _l("Valgt bort"),
}

FAULTS: dict[str, Any] = {
    TypeFault.CLOCK_RUNS: _l(
        "En frist etter loven er ikke avgjort. Marker den som gjort, eller som ikke aktuell."
    ),
    TypeFault.NO_ANSWERS: _l("Svar på spørsmålene som loven krever svar på, før saken lukkes."),
    TypeFault.NO_PLAN: _l(
        "Lag den skriftlige planen først. Trengs det ingen tiltak, marker fristen for planen som "
        "ikke aktuell."
    ),
    TypeFault.FOLLOW_UP_WAITS: _l(
        "Ta stilling til hvert forslag til oppfølging: sett det opp, eller velg det bort."
    ),
    TypeFault.IS_PROPOSED: _l(
        "Svar først på hva slags hendelse det var. Forslaget står øverst i saken."
    ),
}

EVENTS: dict[str, Any] = {
    "kind_chosen": _l("sa at dette er «%(type)s»"),
    "kind_proposed": _l("foreslo typen «%(type)s»"),
    "kind_ticked": _l("foreslo typen «%(type)s», ut fra det melderen krysset av for"),
    "kind_asked": _l("spurte om typen er «%(type)s»"),
    "kind_declined": _l("svarte at det ikke er «%(type)s», men et vanlig avvik"),
    "type_answered": _l("svarte på spørsmålene for «%(type)s»"),
    "hidden_written": _l("skrev i den lukkede delen"),
    "plan_made": _l("laget den skriftlige planen, versjon %(number)s"),
    "plan_changed": _l("endret den skriftlige planen, versjon %(number)s"),
    "plan_reminded": _l("minnet om at den skriftlige planen skal evalueres %(day)s"),
    "plan_printed": _l("skrev ut den skriftlige planen, versjon %(number)s"),
    "follow_up_declined": _l("valgte bort et forslag til oppfølging: %(what)s"),
    "clock_started": _l("startet en frist etter loven: %(clock)s, innen %(moment)s"),
    "clock_met": _l("gjorde i tide: %(clock)s"),
    "clock_late": _l("gjorde for sent: %(clock)s"),
    "clock_dismissed": _l("bestemte at dette ikke gjelder: %(clock)s"),
    "clock_corrected": _l(
        "rettet når kommunen ble kjent med det, fra %(before)s til %(after)s: %(clock)s"
    ),
    "clock_missed": _l("så at fristen %(moment)s gikk ut: %(clock)s"),
    "clock_reminded": _l("minnet om fristen %(moment)s: %(clock)s"),
    "clock_climbed": _l("sa fra til %(to)s om fristen %(moment)s som gikk ut: %(clock)s"),
    "clock_overdue": _l("sa fra om fristen %(moment)s som gikk ut: %(clock)s"),
}
EVENT_ICONS = {
    code: "Bell" if code in ("clock_reminded", "clock_climbed", "clock_overdue") else "Clock"
    for code in EVENTS
    if code.startswith("clock")
}


def meaning_words(meaning: Meaning) -> Any:
    """Return «Arbeidsskade», or with the question that the same fact answers."""
    kind = KINDS[meaning.kind]
    if not meaning.question:
        return kind
    question = QUESTIONS[f"{meaning.kind}.{meaning.question}"]
    return _l("%(kind)s. %(question)s Ja", kind=kind, question=question)


def moment_words(moment: datetime) -> str:
    """Return a moment as the story keeps it, Norwegian time: «25.10.2026 kl. 14.05»."""
    return f"{moment.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"


def limit_words(limit: str, amount: int) -> str:
    """Return «72 timer», «5 arbeidsdager», «straks»."""
    if limit == Limit.HOURS:
        return ngettext("%(num)d time", "%(num)d timer", amount)
    if limit == Limit.WORKING_DAYS:
        return ngettext("%(num)d arbeidsdag", "%(num)d arbeidsdager", amount)
    if limit == Limit.WEEKDAYS:
        return ngettext(
            "%(num)d virkedag (lørdag teller)", "%(num)d virkedager (lørdag teller)", amount
        )
    if limit == Limit.DAYS:
        return ngettext("%(num)d dag", "%(num)d dager", amount)
    if limit == Limit.WEEKS:
        return ngettext("%(num)d uke", "%(num)d uker", amount)
    if limit == Limit.MONTHS:
        return ngettext("%(num)d måned", "%(num)d måneder", amount)
    return str(LIMITS[Limit.AT_ONCE])


def left_words(due_at: datetime, at: datetime) -> str:
    """Return how long is left, or how long ago it was."""
    seconds = int((due_at - at).total_seconds())
    span = _span_words(abs(seconds))
    if seconds < 0:
        return _("%(span)s for sent", span=span)
    return _("%(span)s igjen", span=span)


def value_words(key: str, value: Any) -> str | None:
    """Return the words for a parameter of the story that holds one of our codes, or None."""
    if key == "clock":
        return str(CLOCKS.get(value, value))
    if key == "type":
        return str(KINDS.get(value, value))
    return None


def _span_words(seconds: int) -> str:
    hours = seconds // 3600
    if hours >= 48:
        return ngettext("%(num)d dag", "%(num)d dager", hours // 24)
    if hours >= 1:
        return ngettext("%(num)d time", "%(num)d timer", hours)
    return ngettext("%(num)d minutt", "%(num)d minutter", seconds // 60)
