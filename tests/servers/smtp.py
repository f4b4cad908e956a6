"""A real SMTP server on loopback that keeps what it is given, and can be told to misbehave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.servers.postgresql import free_port


class Mailbox:
    """What arrived, and how the server answers."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answer = "250 OK"
        self.refused: dict[str, str] = {}
        self.pause = 0.0
        # How many times a whole mail has been handed over, whether or not we answered.
        self.handed_over = 0
        self.url = ""

    async def handle_RCPT(  # noqa: N802 (aiosmtpd finds handlers by this name)
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
        self.handed_over += 1
        if self.pause:
            time.sleep(self.pause)
        return self.answer

    @property
    def messages(self) -> list[EmailMessage]:
        """Return the arrived mails, read as a mail reader reads them."""
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails that went to the address."""
        pairs = zip(self.envelopes, self.messages, strict=True)
        return [message for envelope, message in pairs if address in envelope.rcpt_tos]


@contextmanager
def running() -> Iterator[Mailbox]:
    """Start the server and stop it afterwards."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    controller.start()
    mailbox.url = f"smtp+plain://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()
