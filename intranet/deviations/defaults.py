"""What every installation begins with: six categories with their questions, and the causes.

The migration has put the same rows into the tables, and from then on they are the administrator's.
"""

from dataclasses import replace

from intranet.deviations.categories import AskedQuestion, CategoryRow, CategorySettings
from intranet.deviations.severity import Question, Severity


def _asked(rule: Question, nb: str, nn: str, en: str, proposes: str | None = None) -> AskedQuestion:
    return AskedQuestion(rule.key, {"nb": nb, "nn": nn, "en": en}, rule, proposes=proposes)


def _row(
    key: str,
    icon: str,
    nb: str,
    nn: str,
    en: str,
    questions: tuple[AskedQuestion, ...],
    proposes: str | None = None,
) -> CategoryRow:
    words = {"nb": nb, "nn": nn, "en": en}
    return CategoryRow(key, words, icon, questions=questions, proposes=proposes)


def _with(proposes: dict[str, str]) -> tuple[AskedQuestion, ...]:
    """Return the questions about persons, with what a tick says that it was."""
    return tuple(
        replace(question, proposes=proposes.get(question.key)) for question in _PERSON_QUESTIONS
    )


_BEFORE = _asked(
    Question("before", raises_to=Severity.HIGH),
    "Det samme har skjedd før",
    "Det same har skjedd før",
    "The same thing has happened before",
)
_PERSON_QUESTIONS = (
    _asked(
        Question("lasting", means=Severity.CRITICAL),
        "Noen døde, eller fikk varig skade",
        "Nokon døydde, eller fekk varig skade",
        "Someone died, or suffered permanent injury",
    ),
    _asked(
        Question("treatment", means=Severity.HIGH),
        "Noen trengte behandling av lege, tannlege eller sykehus",
        "Nokon trong behandling av lege, tannlege eller sjukehus",
        "Someone needed treatment by a doctor, dentist or hospital",
    ),
    _asked(
        Question("could", means=Severity.MEDIUM),
        "Det kunne ha endt med alvorlig skade",
        "Det kunne ha enda med alvorleg skade",
        "It could have ended in serious injury",
    ),
    _BEFORE,
)

_VIOLENCE_QUESTIONS = (
    _asked(
        Question("weapon", means=Severity.CRITICAL),
        "Noen ble truet på livet, eller våpen ble brukt",
        "Nokon vart truga på livet, eller våpen vart brukt",
        "Someone's life was threatened, or a weapon was used",
        "violence",
    ),
    _asked(
        Question("hurt", means=Severity.HIGH),
        "Noen ble skadet",
        "Nokon vart skadd",
        "Someone was hurt",
        "violence.injured",
    ),
    _asked(
        Question("struck", means=Severity.MEDIUM),
        "Noen ble slått, sparket, dyttet eller truet",
        "Nokon vart slegen, sparka, dytta eller truga",
        "Someone was hit, kicked, pushed or threatened",
        "violence",
    ),
    _BEFORE,
)

DEFAULT_CATEGORIES = CategorySettings.of(
    (
        _row(
            "patient",
            "PersonGroup",
            "Pasient eller bruker",
            "Pasient eller brukar",
            "Patient or service user",
            _with({"lasting": "care_event.harm"}),
        ),
        _row(
            "child",
            "HatSchool",
            "Elev eller barn",
            "Elev eller barn",
            "Pupil or child",
            _PERSON_QUESTIONS,
        ),
        _row(
            "staff",
            "HardHat",
            "Ansatt (HMS)",
            "Tilsett (HMS)",
            "Employee (HSE)",
            _with({"lasting": "work_injury.serious", "treatment": "work_injury"}),
        ),
        _row(
            "violence",
            "ExclamationmarkTriangle",
            "Vold eller trusler mot ansatt",
            "Vald eller truslar mot tilsett",
            "Violence or threats against an employee",
            _VIOLENCE_QUESTIONS,
            "violence",
        ),
        _row(
            "privacy",
            "ShieldLock",
            "Personvern og IT",
            "Personvern og IT",
            "Data protection and IT",
            (
                _asked(
                    Question("open", means=Severity.HIGH),
                    "Uvedkommende kan fortsatt se opplysningene",
                    "Uvedkomande kan framleis sjå opplysningane",
                    "Unauthorised people can still see the information",
                    "data_breach",
                ),
                _asked(
                    Question("sensitive", means=Severity.HIGH),
                    "Det gjelder helse, barn eller andre sårbare opplysninger",
                    "Det gjeld helse, barn eller andre sårbare opplysningar",
                    "It concerns health, children or other sensitive information",
                ),
                _asked(
                    Question("leaked", means=Severity.MEDIUM),
                    "Noen fikk se opplysninger de ikke skulle se",
                    "Nokon fekk sjå opplysningar dei ikkje skulle sjå",
                    "Someone was able to see information they should not see",
                    "data_breach",
                ),
                _asked(
                    Question("many", raises_to=Severity.CRITICAL),
                    "Det gjelder flere enn hundre personer",
                    "Det gjeld fleire enn hundre personar",
                    "It concerns more than a hundred people",
                ),
            ),
            "data_breach",
        ),
        _row(
            "other",
            "Buildings3",
            "Bygg, miljø eller annet",
            "Bygg, miljø eller anna",
            "Buildings, environment or other",
            (
                _asked(
                    Question("danger", means=Severity.CRITICAL),
                    "Noen er i fare nå, eller bygget er utrygt",
                    "Nokon er i fare no, eller bygget er utrygt",
                    "Someone is in danger now, or the building is unsafe",
                ),
                _asked(
                    Question("stopped", means=Severity.HIGH),
                    "Tjenesten stoppet eller måtte stenge",
                    "Tenesta stoppa eller måtte stengje",
                    "The service stopped or had to close",
                ),
                _asked(
                    Question("law", means=Severity.MEDIUM),
                    "Vi brøt en lov eller et vedtak",
                    "Vi braut ei lov eller eit vedtak",
                    "We breached an act or a decision",
                ),
                _BEFORE,
            ),
        ),
    )
)

# Key, key of the one above, and the words in bokmål, nynorsk and English.
DEFAULT_CAUSES = (
    (
        "opplaering",
        "",
        "Opplæring og kompetanse",
        "Opplæring og kompetanse",
        "Training and competence",
    ),
    (
        "opplaering-mangler",
        "opplaering",
        "Opplæringen manglet",
        "Opplæringa mangla",
        "Training was missing",
    ),
    (
        "opplaering-utilstrekkelig",
        "opplaering",
        "Opplæringen var ikke nok",
        "Opplæringa var ikkje nok",
        "Training was not enough",
    ),
    ("bemanning", "", "Bemanning", "Bemanning", "Staffing"),
    ("bemanning-for-faa", "bemanning", "For få på jobb", "For få på jobb", "Too few at work"),
    (
        "bemanning-ny",
        "bemanning",
        "Ny eller vikar uten oppfølging",
        "Ny eller vikar utan oppfølging",
        "New or temporary staff without follow-up",
    ),
    (
        "bemanning-tid",
        "bemanning",
        "For liten tid til oppgaven",
        "For lita tid til oppgåva",
        "Too little time for the task",
    ),
    ("utstyr", "", "Utstyr", "Utstyr", "Equipment"),
    (
        "utstyr-feil",
        "utstyr",
        "Utstyret virket ikke",
        "Utstyret verka ikkje",
        "The equipment did not work",
    ),
    (
        "utstyr-mangler",
        "utstyr",
        "Utstyret manglet",
        "Utstyret mangla",
        "The equipment was missing",
    ),
    (
        "utstyr-bruk",
        "utstyr",
        "Utstyret ble brukt feil",
        "Utstyret vart brukt feil",
        "The equipment was used wrongly",
    ),
    ("kommunikasjon", "", "Kommunikasjon", "Kommunikasjon", "Communication"),
    (
        "kommunikasjon-vaktskifte",
        "kommunikasjon",
        "Ved vaktskifte eller overføring",
        "Ved vaktskifte eller overføring",
        "At a change of shift or transfer",
    ),
    (
        "kommunikasjon-enheter",
        "kommunikasjon",
        "Mellom enheter",
        "Mellom einingar",
        "Between units",
    ),
    (
        "kommunikasjon-bruker",
        "kommunikasjon",
        "Med bruker, elev eller pårørende",
        "Med brukar, elev eller pårørande",
        "With service user, pupil or relatives",
    ),
    ("prosedyre", "", "Prosedyre", "Prosedyre", "Procedure"),
    (
        "prosedyre-mangler",
        "prosedyre",
        "Prosedyren mangler",
        "Prosedyren manglar",
        "There is no procedure",
    ),
    (
        "prosedyre-ukjent",
        "prosedyre",
        "Prosedyren var ikke kjent",
        "Prosedyren var ikkje kjend",
        "The procedure was not known",
    ),
    (
        "prosedyre-ikke-fulgt",
        "prosedyre",
        "Prosedyren ble ikke fulgt",
        "Prosedyren vart ikkje følgd",
        "The procedure was not followed",
    ),
    (
        "prosedyre-feil",
        "prosedyre",
        "Prosedyren er feil eller uklar",
        "Prosedyren er feil eller uklar",
        "The procedure is wrong or unclear",
    ),
    ("lokaler", "", "Lokaler og uteområde", "Lokale og uteområde", "Premises and outdoor areas"),
    ("it", "", "IT", "IT", "IT"),
    ("it-nede", "it", "Systemet var nede", "Systemet var nede", "The system was down"),
    ("it-tilgang", "it", "Feil tilgang", "Feil tilgang", "Wrong access"),
    (
        "ledelse",
        "",
        "Ansvar og planlegging",
        "Ansvar og planlegging",
        "Responsibility and planning",
    ),
    ("annet", "", "Annet", "Anna", "Other"),
)
