"""Everything dies without warning under load, and nothing that was acknowledged is lost.

The real processes, real HTTP, real SMTP; on SQLite and on PostgreSQL. Whoever sends does what people
do: presses again, with the form that is still on the screen, until a receipt comes.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import re
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, update

from intranet.audit.models import AuditEntry
from intranet.core.models import StoredFile
from intranet.deviations.models import Deviation, DeviationEntry, DeviationFile
from intranet.extensions import Model
from intranet.jobs.models import JobLease
from intranet.library.models import Document
from intranet.news.models import Article
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people.models import Person, Unit
from intranet.vacancies.models import Vacancy, VacancyAnnouncement
from tests.servers import postgresql
from tests.servers.client import Answer, Client
from tests.servers.site import Site, running

PERSONS = 50
REPORTS_AT_ONCE = 200
THREADS = 20
# How long the processes die under load. Longer finds nothing that the eighth death has not found;
# the catalogue's thousand sendings take a quarter of an hour on two cores: KILL_SECONDS=900.
KILL_SECONDS = 20.0
BETWEEN_DEATHS = 2.5
LEAST_TRIED = 3
A_LONG_TIME_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NO_ADDRESS = "personen har ingen e-postadresse"


@dataclass
class Town:
    """The site, its database, and the persons who are logged in from the start."""

    site: Site
    engine: Engine
    persons: list[Client]
    deaths: Counter[str] = field(default_factory=Counter)

    def rows(self, *what: object, where: object = None) -> list[tuple]:  # type: ignore[type-arg]
        """Return what the database holds now."""
        statement = select(*what)  # type: ignore[call-overload]
        if where is not None:
            statement = statement.where(where)
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    def highest(self, model: type[Model]) -> int:
        """Return the newest row's id, from which a test counts its own."""
        return int(self.rows(func.coalesce(func.max(model.id), 0))[0][0])  # type: ignore[attr-defined]

    def client(self, role: str) -> Client:
        """Return the account with the role, logged in."""
        account = self.site.accounts[role]
        return Client(self.site.url, account["username"], account["password"]).log_in()

    def let_leases_run_out(self) -> None:
        """Let the minutes pass that a dead jobs process still counts as alive.

        Only the clock is helped along: what the process had begun stays as it left it.
        """
        with self.engine.begin() as connection:
            connection.execute(update(JobLease).values(until=A_LONG_TIME_AGO))
            connection.execute(
                update(OutboxMessage)
                .where(OutboxMessage.leased_until.is_not(None))
                .values(leased_until=A_LONG_TIME_AGO)
            )

    def kill_jobs(self) -> None:
        """Kill the jobs process and start another one, when the dead one's leases are over."""
        self.site.stop("jobs", signal.SIGKILL)
        self.let_leases_run_out()
        self.site.start("jobs")
        self.deaths["jobs"] += 1

    def kill_web(self) -> None:
        """Kill gunicorn and all its workers, and start it again."""
        self.site.stop("web", signal.SIGKILL)
        self.site.start("web")
        self.deaths["web"] += 1

    def kill_worker(self) -> None:
        """Kill one worker; gunicorn itself makes another."""
        self.site.kill_a_worker()
        self.deaths["worker"] += 1


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seeds: Path
) -> Iterator[Town]:
    """A site of its own, since nothing else survives here, with fifty persons logged in."""
    folder = tmp_path_factory.mktemp(f"town-{request.param}")
    if request.param == "sqlite":
        with running(folder, seeds) as site:
            yield from _inhabited(site)
        return
    with postgresql.running() as server, running(folder, seeds, server) as site:
        yield from _inhabited(site)


def _inhabited(site: Site) -> Iterator[Town]:
    password = site.accounts["employee"]["password"]
    engine = create_engine(site.database_url)
    town = Town(site, engine, [])
    leaders = select(Unit.leader_id).where(Unit.leader_id.is_not(None))
    names = town.rows(Person.username, where=Person.id.not_in(leaders))[:PERSONS]
    with ThreadPoolExecutor(8) as pool:
        clients = [Client(site.url, name, password) for (name,) in names]
        town.persons = list(pool.map(Client.log_in, clients))
    assert len(town.persons) == PERSONS
    yield town
    engine.dispose()


@dataclass(frozen=True)
class Receipt:
    """What the person was told."""

    number: int
    send_key: str
    text: str
    note: str


def report(person: Client, unit_id: int, *, presses_again: bool = False) -> Receipt:
    """Send a report until there is a receipt; with the same form, as the page in front of one."""
    # Letters only: eleven digits in a row may happen to be somebody's identity number.
    token = uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    send_key, text = str(uuid.uuid4()), f"Gulvet var glatt {token}"
    note = uuid.uuid4().hex if presses_again else ""
    day = datetime.now() - timedelta(hours=2)
    fields = {
        "send_key": send_key,
        "what": text,
        "unit_id": str(unit_id),
        "day": day.date().isoformat(),
        "clock": day.strftime("%H:%M"),
    }
    files = {"files": note.encode()} if note else None
    send = lambda: person.post("/avvik/meld", fields, files)  # noqa: E731
    number = _number(person.insist(send))
    if presses_again:
        # The receipt came, and the person does not trust it.
        assert _number(person.insist(send)) == number
    return Receipt(number, send_key, text, note)


def _number(answer: Answer) -> int:
    found = re.fullmatch(r"/avvik/(\d+)/kvittering", answer.location)
    said = re.findall(r'class="ds-validation-message[^>]*>([^<]*)', answer.text)
    assert found, (answer.status, answer.location, said, answer.text[-2000:])
    return int(found.group(1))


def unit_of(town: Town, person: Client) -> int:
    """Return the unit where the person works."""
    return int(town.rows(Person.home_unit_id, where=Person.username == person.username)[0][0])


def check_reports(town: Town, first: int, receipts: list[Receipt]) -> list[int]:
    """Whether each receipt is one report with all that belongs to it; return the reports' ids."""
    rows = town.rows(
        Deviation.id, Deviation.number, Deviation.send_key, Deviation.what,
        where=Deviation.id > first,
    )  # fmt: skip
    # As many as were acknowledged, neither more nor fewer, each with its text.
    assert Counter((number, key, what) for _id, number, key, what in rows) == Counter(
        (receipt.number, receipt.send_key, receipt.text) for receipt in receipts
    )
    ids = [row[0] for row in rows]
    audited = town.rows(
        AuditEntry.subject_id,
        where=(AuditEntry.event == "deviation.reported") & (AuditEntry.subject == "deviation"),
    )
    counted = Counter(int(subject_id) for (subject_id,) in audited)
    assert {counted[each] for each in ids} == {1}
    begun = Counter(
        deviation_id
        for (deviation_id,) in town.rows(
            DeviationEntry.deviation_id, where=DeviationEntry.code == "reported"
        )
    )
    assert {begun[each] for each in ids} == {1}
    mails = {key for (key,) in town.rows(OutboxMessage.key)}
    notices = {key for (key,) in town.rows(Notice.key)}
    told = {int(key.split(":")[2]) for key in mails if key.startswith("deviation.reported:")}
    assert set(ids) <= told
    assert mails <= notices
    assert "revisjonslogg: hel" in town.site.flask("audit", "verify")
    _check_files(town, {row[1]: row[0] for row in rows}, receipts)
    return ids


def _check_files(town: Town, id_of: dict[int, int], receipts: list[Receipt]) -> None:
    """Whether each file that was sent lies there once, with its bytes."""
    tokens: dict[int, list[str]] = {}
    for deviation_id, token in town.rows(
        DeviationFile.deviation_id, StoredFile.token,
        where=DeviationFile.stored_file_id == StoredFile.id,
    ):  # fmt: skip
        tokens.setdefault(deviation_id, []).append(token)
    folder = Path(town.site.environment["INSTANCE_DIR"]) / "files"
    on_disk = {path.name: path for path in folder.rglob("*") if path.is_file()}
    for receipt in receipts:
        found = tokens.get(id_of[receipt.number], [])
        assert len(found) == (1 if receipt.note else 0)
        for token in found:
            assert on_disk[token].read_text() == receipt.note


def wait_until_sent(town: Town, seconds: float = 90) -> None:
    """Return when no mail waits any more."""
    deadline = time.monotonic() + seconds
    while waiting := town.rows(OutboxMessage.id, where=OutboxMessage.state == "waiting"):
        assert time.monotonic() < deadline, (len(waiting), town.site.log("jobs"))
        time.sleep(0.5)


def check_mails(town: Town) -> int:
    """Whether each message arrived under its one Message-ID; return how many came twice."""
    arrived = Counter(
        str(message["Message-ID"]).strip("<>").partition("@")[0]
        for message in town.site.mailbox.messages
    )
    expected = set()
    for key, state, reason in town.rows(
        OutboxMessage.key, OutboxMessage.state, OutboxMessage.reason
    ):
        if state == "parked":
            assert reason == NO_ADDRESS, (key, reason)
        else:
            expected.add(hashlib.sha256(key.encode()).hexdigest()[:32])
    # Nothing is missing, and nothing came that no committed change asked for.
    assert set(arrived) == expected
    return sum(arrived.values()) - len(arrived)


def no_nonsense(persons: list[Client]) -> None:
    """Whether nobody was ever shown a failure: a dead process says nothing, a living one works."""
    assert [each.failures for each in persons if each.failures] == []


def test_fifty_persons_send_two_hundred_reports_at_once(town: Town) -> None:
    """CC-04, CC-07, LD-01: none is lost, none is doubled, and none is refused."""
    first = town.highest(Deviation)
    units = [unit_of(town, person) for person in town.persons]
    # Four from each, at the same instant; every second one is pressed twice, with a file.
    barrier = threading.Barrier(PERSONS)

    def four(place: int) -> list[Receipt]:
        barrier.wait()
        person, unit_id = town.persons[place], units[place]
        return [report(person, unit_id, presses_again=n % 2 == 0) for n in range(4)]

    with ThreadPoolExecutor(PERSONS) as pool:
        receipts = list(itertools.chain.from_iterable(pool.map(four, range(PERSONS))))
    assert len(receipts) == REPORTS_AT_ONCE
    check_reports(town, first, receipts)
    no_nonsense(town.persons)
    assert sum(person.lost for person in town.persons) == 0
    wait_until_sent(town)
    assert check_mails(town) == 0


def test_the_jobs_process_dies_when_the_mail_server_has_the_mail_but_nobody_noted_it(
    town: Town,
) -> None:
    """EM-05, after 250: it comes once more, as the same mail."""
    person, mailbox = town.persons[0], town.site.mailbox
    before, handed_over = len(mailbox.envelopes), mailbox.handed_over
    mailbox.pause = 1.0
    try:
        receipt = report(person, unit_of(town, person))
        deadline = time.monotonic() + 30
        while mailbox.handed_over == handed_over:
            assert time.monotonic() < deadline, town.site.log("jobs")
            time.sleep(0.01)
        town.kill_jobs()
    finally:
        mailbox.pause = 0.0
    wait_until_sent(town)
    number = str(receipt.number)
    copies = [
        str(message["Message-ID"])
        for message in mailbox.messages[before:]
        if number in message.get_content()
    ]
    doubled = [count for count in Counter(copies).values() if count > 1]
    assert doubled == [2], copies


def test_nothing_acknowledged_is_lost_while_everything_is_killed(town: Town) -> None:
    """CF-01, CF-15, LD-02, EM-05, CC-04: reports, news, approvals and messages under SIGKILL."""
    wait_until_sent(town)
    already_doubled = check_mails(town)
    steps = Steps(town)
    firsts = {model: town.highest(model) for model in (Deviation, Article, Vacancy)}
    units = [unit_of(town, person) for person in town.persons[:THREADS]]
    stop = threading.Event()
    tried: Counter[Callable[[], None]] = Counter()
    town.site.mailbox.pause = 0.02

    def reporting(place: int) -> list[Receipt]:
        made: list[Receipt] = []
        while not stop.is_set():
            again = len(made) % 3 == 0
            made.append(report(town.persons[place], units[place], presses_again=again))
            time.sleep(0.05)
        return made

    with ThreadPoolExecutor(THREADS + len(steps.all)) as pool, killing(town, stop):
        others = [pool.submit(_repeat, step, stop, tried) for step in steps.all]
        reports = [pool.submit(reporting, place) for place in range(THREADS)]
        # A busy machine gets longer, until each step was taken often enough to prove something.
        enough, longest = time.monotonic() + KILL_SECONDS, time.monotonic() + 8 * KILL_SECONDS
        while (now := time.monotonic()) < enough or (
            now < longest and any(tried[step] < LEAST_TRIED for step in steps.all)
        ):
            time.sleep(0.2)
        stop.set()
        receipts = list(itertools.chain.from_iterable(each.result() for each in reports))
        for each in others:
            each.result()

    town.site.mailbox.pause = 0.0
    town.let_leases_run_out()
    lost = sum(person.lost for person in [*town.persons, *steps.clients])
    # Had nobody lost an answer, nothing would have been tried here.
    assert lost > 10, town.deaths
    assert len(receipts) > 50
    assert all(tried[step] >= LEAST_TRIED for step in steps.all), tried
    check_reports(town, firsts[Deviation], receipts)
    steps.check(firsts)
    no_nonsense([*town.persons, *steps.clients])
    wait_until_sent(town)
    # A mail comes twice only where a death fell between the server's 250 and our note of it.
    assert check_mails(town) - already_doubled <= town.deaths["jobs"]


def _repeat(
    step: Callable[[], None], stop: threading.Event, tried: Counter[Callable[[], None]]
) -> None:
    while not stop.is_set():
        step()
        tried[step] += 1
        time.sleep(0.1)


@contextmanager
def killing(town: Town, stop: threading.Event) -> Iterator[None]:
    """Let a worker, the jobs process or the whole web die, again and again, until told to stop."""
    chance = random.Random(4711)
    faults: list[BaseException] = []

    def run() -> None:
        for kill in itertools.cycle(
            [town.kill_worker, town.kill_jobs, town.kill_worker, town.kill_web]
        ):
            if stop.wait(BETWEEN_DEATHS * chance.uniform(0.5, 1.5)):
                return
            try:
                kill()
            except BaseException as fault:
                faults.append(fault)
                return

    killer = threading.Thread(target=run)
    killer.start()
    try:
        yield
    finally:
        stop.set()
        killer.join()
    assert faults == []
    assert min(town.deaths[each] for each in ("worker", "jobs", "web")) >= 1, town.deaths


class Steps:
    """What the others do meanwhile, and what they were told was done."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.editor = town.client("editor")
        self.hr = town.client("hr")
        self.adviser = town.client("quality_adviser")
        self.leader = town.client("unit_leader")
        self.employee = town.client("employee")
        self.clients = [self.editor, self.hr, self.adviser, self.leader, self.employee]
        self.articles: dict[str, int] = {}
        self.vacancies: dict[str, int] = {}
        self.approved: list[str] = []
        self.messages: list[str] = []
        self.unit = unit_of(town, self.employee)
        self.case = report(self.employee, self.unit).number
        self.all = [self.publish_news, self.announce, self.approve, self.write_message]

    def publish_news(self) -> None:
        """Publish an article, and press again."""
        key = str(uuid.uuid4())
        fields = {
            "send_key": key, "title": f"Nytt {key}", "lead": "Det er noe nytt.", "body": "Tekst.",
            "owner_unit": str(unit_of(self.town, self.editor)), "reach": "all", "step": "publish",
        }  # fmt: skip
        send = lambda: self.editor.post("/nyheter/skriv", fields)  # noqa: E731
        places = {self.editor.insist(send).location for _n in range(2)}
        self.articles[key] = _only_id(places, "/nyheter/")

    def announce(self) -> None:
        """Announce a vacancy, and press again."""
        key = str(uuid.uuid4())
        fields = {
            "send_key": key, "title": f"Vert {key}", "unit": str(unit_of(self.town, self.hr)),
            "percentage": "100", "terms": "permanent", "workplace": "Rådhuset", "body": "Arbeid.",
            "how_to_apply": "Ring HR.", "step": "publish", "deadline_time": "23:59",
            "deadline_day": (date.today() + timedelta(days=14)).isoformat(),
        }  # fmt: skip
        send = lambda: self.hr.post("/stillinger/ny", fields)  # noqa: E731
        places = {self.hr.insist(send).location for _n in range(2)}
        self.vacancies[key] = _only_id(places, "/stillinger/")

    def approve(self) -> None:
        """Write a procedure, send it to approval and have it approved by somebody else."""
        writer = self.leader
        fields = {
            "kind": "PRO", "unit": str(self.unit), "title": f"Rutine {uuid.uuid4()}",
            "body": "Gjør slik.", "change_note": "Ny.", "is_significant": "y",
        }  # fmt: skip
        answer = writer.insist(lambda: writer.post("/bibliotek/ny", fields))
        found = re.fullmatch(r"/bibliotek/(PRO-\d+)/rediger", answer.location)
        assert found, (answer.status, answer.text[-2000:])
        page = f"/bibliotek/{found.group(1)}"
        self._until(writer, f"{page}/versjon/1", f"{page}/til-godkjenning", "Venter på godkjenning")
        self._until(self.adviser, f"{page}/godkjenning", f"{page}/godkjenn", "")
        self.approved.append(found.group(1))

    def _until(self, person: Client, shown: str, path: str, done: str) -> None:
        """Press the button of the page; when no answer comes, look whether it was done."""
        page = person.insist(lambda: person.get(shown))
        assert page.status == 200, (shown, page.status)
        version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
        assert version, page.text[-3000:]
        lost = person.lost
        answer = person.insist(lambda: person.post(path, {"version": version.group(1)}))
        if answer.status == 303:
            return
        # The first press was done although its answer was lost; the second one is told so.
        assert person.lost > lost, (path, answer.status, answer.text[-3000:])
        person.failures.remove(answer.status)

    def write_message(self) -> None:
        """Write to the reporter, and press again."""
        text = f"Vi ser på det {uuid.uuid4().hex}"
        fields = {"text": text, "send_key": str(uuid.uuid4())}
        send = lambda: self.leader.post(f"/avvik/{self.case}/melding", fields)  # noqa: E731
        assert {self.leader.insist(send).status for _n in range(2)} == {303}
        self.messages.append(text)

    def check(self, firsts: dict[type[Model], int]) -> None:
        """Whether each step stands once, with its proof."""
        town = self.town
        articles = town.rows(
            Article.send_key, Article.id, Article.state, where=Article.id > firsts[Article]
        )
        assert {key: number for key, number, _state in articles} == self.articles
        assert {state for _key, _number, state in articles} == {"published"}
        self._audited_once("article", "article.published", list(self.articles.values()))
        vacancies = town.rows(
            Vacancy.send_key, Vacancy.id, Vacancy.state, where=Vacancy.id > firsts[Vacancy]
        )
        assert {key: number for key, number, _state in vacancies} == self.vacancies
        assert {state for _key, _number, state in vacancies} == {"published"}
        self._audited_once("vacancy", "vacancy.published", list(self.vacancies.values()))
        proofs = Counter(each for (each,) in town.rows(VacancyAnnouncement.vacancy_id))
        assert {proofs[each] for each in self.vacancies.values()} == {1}
        states = dict(town.rows(Document.number, Document.state))
        assert {states[each] for each in self.approved} == {"published"}
        self._audited_once("document", "document.published", self.approved)
        written = Counter(text for (text,) in town.rows(DeviationEntry.text))
        assert {written[text] for text in self.messages} == {1}
        self._found([f"Nytt {key}" for key in self.articles])

    def _audited_once(self, subject: str, event: str, ids: list[int] | list[str]) -> None:
        rows = self.town.rows(
            AuditEntry.subject_id,
            where=(AuditEntry.subject == subject) & (AuditEntry.event == event),
        )
        counted = Counter(subject_id for (subject_id,) in rows)
        assert {counted[str(each)] for each in ids} == {1}

    def _found(self, titles: list[str]) -> None:
        """Whether search has caught up with what was published: the index lives beside the rows."""
        deadline = time.monotonic() + 60
        for title in titles:
            path = "/sok?q=" + title.replace(" ", "+")
            while title not in self.editor.get(path).text.replace("<mark>", "").replace(
                "</mark>", ""
            ):
                assert time.monotonic() < deadline, (title, self.town.site.log("jobs"))
                time.sleep(0.5)


def _only_id(places: set[str], start: str) -> int:
    """Return the one id that every press was sent on to."""
    assert len(places) == 1, places
    place = places.pop()
    assert re.fullmatch(re.escape(start) + r"\d+", place), place
    return int(place.removeprefix(start))
