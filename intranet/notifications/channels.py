"""SMTP: makes the mail and hands it to the server; knows no database."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from intranet.core.clock import now

TIMEOUT_SECONDS = 15


class WillNeverWork(Exception):
    """The mail cannot be sent as it is: a wrong address, a refused recipient."""


class TryAgainLater(Exception):
    """The server is away, busy or refuses for now."""


@dataclass(frozen=True)
class Mail:
    """One mail in plain text. `key` gives the Message-ID, the same at every attempt."""

    recipient_name: str
    recipient_address: str
    sender: str
    subject: str
    text: str
    key: str


# Turn text around, or hide letters in an address that somebody then trusts (EM-17).
_TRICKS = dict.fromkeys(
    map(ord, "\u00ad\u061c\u180e\u200b\u200e\u200f\ufeff"
        "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069")
)  # fmt: skip


def without_tricks(text: str) -> str:
    """Return the text as it reads: no signs that turn it around or cannot be seen."""
    return text.translate(_TRICKS)


def build(mail: Mail) -> EmailMessage:
    """Return the message. Raises WillNeverWork when a header cannot be made from the data."""
    message = EmailMessage(policy=SMTP)
    try:
        local, at, domain = mail.recipient_address.rpartition("@")
        if not (local and at and domain):
            raise ValueError("address")
        shown = without_tricks(mail.recipient_name)
        name = "".join(char for char in shown if char.isprintable())
        message["To"] = Address(display_name=name, username=local, domain=domain)
        message["From"] = mail.sender
        message["Subject"] = " ".join(without_tricks(mail.subject).split())
        message["Date"] = format_datetime(now())
        sender_domain = mail.sender.rpartition("@")[2].strip("> ")
        digest = hashlib.sha256(mail.key.encode("utf-8")).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{sender_domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(without_tricks(mail.text))
        message.as_bytes()
    except (ValueError, UnicodeError, IndexError, TypeError) as error:
        raise WillNeverWork(f"kan ikke lages: {type(error).__name__}") from error
    return message


class SmtpChannel:
    """One connection to the server in `url`: smtp:// (STARTTLS demanded), smtps://, smtp+plain://.

    Plain is for a server on the same machine only. There is no way to send without a certificate
    check to another one.
    """

    def __init__(self, url: str, ca_file: str = "") -> None:
        self.parts = urlsplit(url)
        self.context = ssl.create_default_context(cafile=ca_file or None)
        self.server: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect and log in. Raises TryAgainLater."""
        host, port = self.parts.hostname or "localhost", self.parts.port
        try:
            if self.parts.scheme == "smtps":
                self.server = smtplib.SMTP_SSL(
                    host, port or 465, timeout=TIMEOUT_SECONDS, context=self.context
                )
            else:
                self.server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
                if self.parts.scheme == "smtp":
                    self.server.starttls(context=self.context)
            if self.parts.username:
                self.server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise TryAgainLater(type(error).__name__) from error

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises WillNeverWork or TryAgainLater."""
        if self.server is None:
            self.open()
        assert self.server is not None
        try:
            self.server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            kind = WillNeverWork if code >= 500 else TryAgainLater
            raise kind(f"mottakeren ble avvist ({code})") from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise WillNeverWork("adressen har tegn som tjeneren ikke tar imot") from error
        except smtplib.SMTPResponseException as error:
            self.close()
            kind = WillNeverWork if 550 <= error.smtp_code < 560 else TryAgainLater
            raise kind(f"tjeneren svarte {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise TryAgainLater(type(error).__name__) from error

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        if self.server is not None:
            try:
                self.server.quit()
            except (OSError, smtplib.SMTPException):
                self.server.close()
        self.server = None
