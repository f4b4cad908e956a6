"""The statutory clocks of a new installation, read in the texts of the law; data only."""

from datetime import date, timedelta

from intranet.deviations.clocks import EVENT, ClockRule, Limit

# In force for the new rules on serious events (amending act 20 June 2025 no. 74).
_JULY = date(2026, 7, 1)
_HOL = "helse- og omsorgstjenesteloven § 12-3 a"
_DIGITAL = "digitalsikkerhetsforskriften § 17"

# The rows that an installation begins with; the administrator's table replaces them.
DEFAULT_CLOCKS: tuple[ClockRule, ...] = (
    ClockRule(
        "work_accident", "call", "work_injury", "arbeidsmiljøloven § 5-2", Limit.AT_ONCE,
        question="serious",
        recipient="Arbeidstilsynet 73 19 97 00, politiet 112 (02800)",
    ),
    ClockRule(
        "work_accident", "confirmation", "work_injury", "arbeidsmiljøloven § 5-2",
        Limit.WORKING_DAYS, 1, question="serious",
        recipient="Arbeidstilsynet og politiet, kopi til verneombudet", is_own=True,
    ),
    ClockRule(
        "nav_injury", "report", "work_injury", "folketrygdloven § 13-14", Limit.WORKING_DAYS, 5,
        recipient="Nav", is_own=True, valid_from=date(2026, 1, 1),
    ),
    ClockRule(
        "violence", "talk", "violence", "forskrift om utførelse av arbeid § 3A-6",
        Limit.WORKING_DAYS, 1, recipient="Den som ble utsatt", is_own=True,
        valid_from=date(2026, 1, 1),
    ),
    ClockRule(
        "violence", "follow_up", "violence", "forskrift om utførelse av arbeid § 3A-6",
        Limit.WORKING_DAYS, 10, recipient="Den som ble utsatt", is_own=True,
        valid_from=date(2026, 1, 1),
    ),
    ClockRule(
        "harassment", "talk", "harassment", "forskrift om utførelse av arbeid § 2A-4",
        Limit.WORKING_DAYS, 1, recipient="Den som ble utsatt", is_own=True,
        valid_from=date(2026, 1, 1),
    ),
    ClockRule(
        "harassment", "follow_up", "harassment", "forskrift om utførelse av arbeid § 2A-4",
        Limit.WORKING_DAYS, 10, recipient="Den som ble utsatt", is_own=True,
        valid_from=date(2026, 1, 1),
    ),
    ClockRule(
        "data_breach", "authority", "data_breach", "personvernforordningen artikkel 33",
        Limit.HOURS, 72, recipient="Datatilsynet", valid_from=date(2018, 7, 20),
    ),
    ClockRule(
        "data_breach", "persons", "data_breach", "personvernforordningen artikkel 34",
        Limit.WORKING_DAYS, 3, question="risk=high", recipient="De registrerte", is_own=True,
        valid_from=date(2018, 7, 20),
    ),
    ClockRule(
        "care_event", "message", "care_event", _HOL, Limit.AT_ONCE, question="harm+unexpected",
        recipient="Statens helsetilsyn og Ukom", valid_to=_JULY - timedelta(days=1),
    ),
    ClockRule(
        "care_event", "message", "care_event", _HOL, Limit.WORKING_DAYS, 5,
        question="harm+unexpected",
        recipient="Statsforvalteren og Ukom, kopi til Statens helsetilsyn", valid_from=_JULY,
    ),
    ClockRule(
        "care_event", "meeting", "care_event", "pasient- og brukerrettighetsloven § 3-2",
        Limit.DAYS, 10, question="harm+unexpected", counts_from=EVENT,
        recipient="Pasienten, brukeren eller nærmeste pårørende", valid_from=_JULY,
    ),
    ClockRule(
        "care_event", "report", "care_event", _HOL, Limit.MONTHS, 3, question="harm+unexpected",
        counts_from="message", recipient="Statsforvalteren", valid_from=_JULY,
    ),
    ClockRule(
        "medical_device", "message", "medical_device",
        "forskrift om håndtering av medisinsk utstyr § 16", Limit.WORKING_DAYS, 3,
        recipient="Direktoratet for medisinske produkter", is_own=True,
    ),
    ClockRule(
        "school_staff", "message", "school", "opplæringslova § 12-5", Limit.AT_ONCE,
        question="staff", recipient="Rektor, og rektor til kommunen", valid_from=date(2024, 8, 1),
    ),
    ClockRule(
        "school_plan", "plan", "school", "opplæringslova § 12-4", Limit.WORKING_DAYS, 5,
        recipient="Eleven og foreldrene", is_own=True, valid_from=date(2024, 8, 1),
    ),
    ClockRule(
        "school_plan", "week", "school", "opplæringslova § 12-6", Limit.WEEKS, 1,
        recipient="Eleven og foreldrene", valid_from=date(2024, 8, 1),
    ),
    ClockRule(
        "nursery_staff", "message", "nursery", "barnehageloven § 43", Limit.AT_ONCE,
        question="staff", recipient="Styreren, og styreren til barnehageeieren",
    ),
    ClockRule(
        "nursery_plan", "plan", "nursery", "barnehageloven § 42", Limit.WORKING_DAYS, 5,
        recipient="Foreldrene", is_own=True,
    ),
    ClockRule(
        "intervention", "rector", "intervention", "opplæringslova § 13-5", Limit.AT_ONCE,
        recipient="Rektor", valid_from=date(2024, 8, 1),
    ),
    ClockRule(
        "intervention", "parents", "intervention", "opplæringslova § 13-5", Limit.WORKING_DAYS, 1,
        recipient="Foreldrene", is_own=True, valid_from=date(2024, 8, 1),
    ),
    ClockRule(
        "pollution", "call", "pollution", "forurensningsloven § 39", Limit.AT_ONCE,
        recipient="Brannvesenet 110",
    ),
    ClockRule(
        "drinking_water", "notice", "drinking_water", "drikkevannsforskriften §§ 22–25",
        Limit.AT_ONCE, recipient="Abonnentene og Mattilsynet",
    ),
    *[
        ClockRule(
            "digital", phase, "digital", _DIGITAL, limit, amount, question="covered",
            counts_from=counts_from,
            recipient="Tilsynsmyndigheten, kopi til Nasjonalt kontaktpunkt",
            valid_from=date(2025, 10, 1),
            # Few municipalities are covered: the administrator says so.
            is_active=False,
        )
        for phase, limit, amount, counts_from in (
            ("notice", Limit.HOURS, 24, ""),
            ("update", Limit.HOURS, 72, ""),
            ("report", Limit.MONTHS, 1, "notice"),
        )
    ],
    ClockRule(
        "stop_of_work", "answer", "stop_of_work", "arbeidsmiljøloven §§ 6-2 og 6-3",
        Limit.WORKING_DAYS, 1, recipient="Verneombudet", is_own=True,
    ),
)  # fmt: skip
