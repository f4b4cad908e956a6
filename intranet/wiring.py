"""The one list of what the house consists of: pages, commands, search sources, tasks, jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Flask
from flask.cli import AppGroup

from intranet.anonymous.actions.deliver import DeviationRoom
from intranet.anonymous.jobs import JOBS as ANONYMOUS_JOBS
from intranet.anonymous.rooms import DEVIATIONS, WHISTLEBLOWING
from intranet.anonymous.views import blueprint as anonymous_pages
from intranet.audit.commands import commands as audit_commands
from intranet.audit.views import blueprint as audit_pages
from intranet.backup.audit_codes import audit_codes as backup_codes
from intranet.backup.commands import commands as backup_commands
from intranet.backup.database_commands import commands as database_commands
from intranet.backup.status import probe_backup
from intranet.core.actor import Viewer
from intranet.core.file_store import remove_orphans
from intranet.core.held_files import scan_waiting
from intranet.delegations.audit_codes import audit_codes as delegation_codes
from intranet.delegations.jobs import JOBS as DELEGATION_JOBS
from intranet.delegations.views.pages import blueprint as delegation_pages
from intranet.demo.commands import commands as demo_commands
from intranet.deviations.actions.report import forget_draft
from intranet.deviations.audit_codes import audit_codes as deviation_codes
from intranet.deviations.jobs import JOBS as DEVIATION_JOBS
from intranet.deviations.queries.tasks import list_tasks_for as list_deviation_tasks
from intranet.deviations.views.pages import blueprint as deviation_pages
from intranet.home.views import blueprint as home_pages
from intranet.jobs.commands import commands as job_commands
from intranet.jobs.registry import Job, Probe
from intranet.jobs.scanner import probe_scanner
from intranet.jobs.views import blueprint as job_pages
from intranet.laws.commands import commands as law_commands
from intranet.laws.search_source import LawSource
from intranet.laws.views import blueprint as law_pages
from intranet.library.actions.take_in_runs import forget_person as forget_take_ins
from intranet.library.commands import commands as library_commands
from intranet.library.jobs import JOBS as LIBRARY_JOBS
from intranet.library.offline_health import probe_offline_copy
from intranet.library.queries.citations import find_law_citers
from intranet.library.queries.tasks import list_tasks_for as list_library_tasks
from intranet.library.search_source import LibrarySource
from intranet.library.views.pages import blueprint as library_pages
from intranet.login import commands as login_room
from intranet.login.actions import forget_person as forget_login
from intranet.login.commands import commands as login_commands
from intranet.login.views import blueprint as login_pages
from intranet.news.commands import ask_and_remind as ask_news_readers
from intranet.news.commands import follow_clock as follow_news_clock
from intranet.news.queries.front_page import list_tasks_for as list_news_tasks
from intranet.news.search_source import NewsSource
from intranet.news.views.pages import blueprint as news_pages
from intranet.notifications import delivery
from intranet.notifications.actions import forget_person as forget_notices
from intranet.notifications.queries import probe_outbox
from intranet.notifications.tasks import Task
from intranet.notifications.views import blueprint as notification_pages
from intranet.people.audit_codes import audit_codes as people_codes
from intranet.people.commands import commands as people_commands
from intranet.people.commands import run_sync_job
from intranet.people.directories import directory_of
from intranet.people.queries.recipients import find_recipients
from intranet.people.queries.sync_state import probe_directory
from intranet.people.search_answers import PeopleDesk
from intranet.people.search_source import PersonSource
from intranet.people.views import blueprint as people_pages
from intranet.search.commands import commands as search_commands
from intranet.search.entry import SearchSource
from intranet.search.indexing import JOBS as SEARCH_JOBS
from intranet.search.indexing import probe_index
from intranet.search.views.pages import blueprint as search_pages
from intranet.vacancies.commands import follow_clock as follow_vacancy_clock
from intranet.vacancies.search_source import VacancySource
from intranet.vacancies.views import blueprint as vacancy_pages
from intranet.web import addresses
from intranet.web.style_page import blueprint as style_pages
from intranet.whistleblowing.actions.deliver import WhistleRoom
from intranet.whistleblowing.jobs import JOBS as WHISTLE_JOBS
from intranet.whistleblowing.queries.tasks import list_tasks_for as list_whistle_tasks
from intranet.whistleblowing.views.pages import blueprint as whistle_pages
from intranet.whistleblowing.views.public import blueprint as whistle_public_pages

BLUEPRINTS: list[Blueprint] = [
    anonymous_pages,
    audit_pages,
    delegation_pages,
    deviation_pages,
    home_pages,
    job_pages,
    login_pages,
    law_pages,
    library_pages,
    news_pages,
    notification_pages,
    people_pages,
    search_pages,
    style_pages,
    vacancy_pages,
    whistle_pages,
    whistle_public_pages,
]
COMMANDS: list[AppGroup] = [
    audit_commands,
    backup_commands,
    database_commands,
    demo_commands,
    job_commands,
    login_commands,
    law_commands,
    library_commands,
    people_commands,
    search_commands,
]
SEARCH_SOURCES: list[SearchSource] = [
    LawSource(),
    LibrarySource(),
    NewsSource(),
    PersonSource(),
    VacancySource(),
]
TASK_SOURCES: list[Callable[[Viewer], list[Task]]] = [
    list_deviation_tasks,
    list_library_tasks,
    list_news_tasks,
    list_whistle_tasks,
]
JOBS: list[Job] = [
    *ANONYMOUS_JOBS,
    *delivery.JOBS,
    *DELEGATION_JOBS,
    *DEVIATION_JOBS,
    *LIBRARY_JOBS,
    *login_room.JOBS,
    *SEARCH_JOBS,
    *WHISTLE_JOBS,
    Job("directory-sync", timedelta(minutes=1), run_sync_job),
    Job("file-orphans", timedelta(hours=6), remove_orphans),
    Job("virus-scan", timedelta(minutes=1), scan_waiting, timedelta(minutes=45)),
    Job("news-clock", timedelta(minutes=1), follow_news_clock),
    Job("news-readers", timedelta(minutes=2), ask_news_readers),
    Job("vacancy-clock", timedelta(minutes=1), follow_vacancy_clock),
]
PROBES: list[Probe] = [
    probe_outbox,
    probe_index,
    probe_directory,
    probe_scanner,
    probe_offline_copy,
    probe_backup,
]


def install(app: Flask) -> None:
    """Put every room into the application."""
    # A directory that is missing or wrongly set is told at start, not at the first login.
    directory_of(app.extensions["intranet_settings"])
    # Before the first route: it takes over what a number in an address may be.
    addresses.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in COMMANDS:
        app.cli.add_command(group)
    app.extensions["search_sources"] = tuple(SEARCH_SOURCES)
    app.extensions["search_people"] = PeopleDesk()
    app.extensions["audit_codes"] = (
        backup_codes,
        delegation_codes,
        deviation_codes,
        people_codes,
    )
    app.extensions["task_sources"] = tuple(TASK_SOURCES)
    app.extensions["jobs"] = tuple(JOBS)
    app.extensions["probes"] = tuple(PROBES)
    app.extensions["personal_stores"] = (
        forget_login,
        forget_notices,
        forget_draft,
        forget_take_ins,
    )
    app.extensions["anonymous_rooms"] = {
        DEVIATIONS: DeviationRoom(),
        WHISTLEBLOWING: WhistleRoom(),
    }
    app.extensions["find_recipients"] = find_recipients
    app.extensions["find_law_citers"] = find_law_citers
