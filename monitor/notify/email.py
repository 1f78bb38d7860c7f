"""Mail: letters that old relays take, and alerts as short letters."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import aiosmtplib

from monitor.clock import KST, Now, utc_now
from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.model import DeliveryId
from monitor.notify.clean import clean, cut
from monitor.notify.console import render
from monitor.notify.lines import gist, lock_screen
from monitor.notify.message import Letter, Manners, Message, Receipt
from monitor.notify.words import words

CONNECT_SECONDS = 20
GREYLIST_WAIT = timedelta(minutes=5)
"""Greylisting relays want five minutes (postgrey's default is 300 s); an earlier try only starts it anew on some."""
SUBJECT_LENGTH = 120
_POLICY = SMTP.clone(cte_type="7bit")
_ENCODED_WORD = re.compile(r"=\?")
_TEMPORARY = range(400, 500)


class Smtp:
    """One relay; a connection for each letter, because a digest is twenty letters a day."""

    def __init__(
        self,
        name: str,
        *,
        host: str,
        port: int,
        sender: str,
        user: str = "",
        password: str = "",
        tls: str = "starttls",
        now: Now = utc_now,
    ) -> None:
        """``sender`` is an address with or without a name; ``tls`` is ``none``, ``starttls`` or ``tls``."""
        self.name = name
        self.sender = sender
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._tls = tls
        self._now = now

    async def post(self, letter: Letter) -> None:
        """Hand one letter to the relay; see ``Notifier.send`` for the errors.

        A connection that ends after the letter was handed over is ``Uncertain``: the relay may have kept it.
        """
        mail = compose_mail(letter, self.sender)
        client = self._client()
        try:
            await client.connect()
            await self._login(client)
            await client.mail(_bare(self.sender))
            await client.rcpt(_bare(letter.to))
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            raise self._meaning(error) from error
        await self._hand_over(client, mail)

    async def check(self) -> None:
        """Connect and log in, and post nothing. Errors as ``post``."""
        client = self._client()
        try:
            await client.connect()
            await self._login(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise self._meaning(error) from error
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=CONNECT_SECONDS,
            use_tls=self._tls == "tls",
            start_tls=self._tls == "starttls",
        )

    async def _login(self, client: aiosmtplib.SMTP) -> None:
        if self._user:
            await client.login(self._user, self._password)

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: bytes) -> None:
        try:
            await client.data(mail)
        except aiosmtplib.SMTPResponseException as error:
            raise self._meaning(error) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Uncertain(self.name, f"no answer to the letter: {type(error).__name__}") from error
        finally:
            client.close()

    def _meaning(self, error: Exception) -> NotifyError:
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            remedy = "메일 계정과 암호를 확인하세요 (check the mail user and password)"
            return ChannelDown(self.name, f"login refused: {error.code}", remedy)
        if not isinstance(error, aiosmtplib.SMTPResponseException):
            return TryLater(self.name, f"no connection: {type(error).__name__}", self._now())
        reason = f"{error.code} {cut(clean(str(error.message)), 160)}"
        if error.code in _TEMPORARY:
            is_grey = error.code in {450, 451, 452}
            return TryLater(self.name, reason, self._now() + GREYLIST_WAIT if is_grey else self._now())
        return Rejected(self.name, reason)


class Email:
    """Alerts by mail to the people of one receiver; one letter for each of them."""

    can_edit = False
    can_find = False

    def __init__(
        self,
        name: str,
        *,
        smtp: Smtp,
        to: Sequence[str],
        unsubscribe: str = "",
        manners: Manners | None = None,
        now: Now = utc_now,
    ) -> None:
        """``unsubscribe`` is the https address of the one-click POST."""
        self.name = name
        self.smtp = smtp
        self.to = tuple(to)
        self.unsubscribe = unsubscribe
        self.manners = manners or Manners(edits=None, pace=timedelta(0))
        self._now = now
        self._posted: set[tuple[str, str]] = set()

    async def send(self, message: Message) -> Receipt:
        """Post a letter to each address; those that took it are not asked again when another one refuses."""
        refused: NotifyError | None = None
        for address in self.to:
            if (message.id, address) in self._posted:
                continue
            try:
                await self.smtp.post(self._letter(message, address))
            except Rejected as error:
                refused = error
                continue
            self._posted.add((message.id, address))
        posted = any((message.id, address) in self._posted for address in self.to)
        self._posted = {one for one in self._posted if one[0] != message.id}
        if refused and not posted:
            raise refused
        return Receipt("email", str(message.id))

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Leave what was posted."""

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Say nothing."""

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:  # noqa: ARG002  the protocol's shape
        """Return ``None``: a mailbox cannot be asked; a repeat has the same Message-ID."""
        return None

    async def aclose(self) -> None:
        """Hold nothing."""

    def _letter(self, message: Message, address: str) -> Letter:
        say = words(message.language)
        first = message.stories[0] if message.stories else None
        subject = lock_screen(gist(first, say, message.stage)) if first else message.text
        text = render(message)
        return Letter(
            to=address,
            subject=f"[봉수] {say.burst.format(n=len(message.stories))}" if len(message.stories) > 1 else subject,
            text=text,
            html="",
            message_id=message_id("alert", str(message.id), address, self.smtp.sender),
            date=self._now(),
            unsubscribe=self.unsubscribe,
            language=self.manners.language,
        )


def message_id(kind: str, what: str, to: str, sender: str) -> str:
    """Return the identity of a letter, the same at every try and different for every content.

    Example:
        >>> message_id("digest", "2026-03-04", "desk@a.example", "봉수 <b@b.example>")
        'digest.2026-03-04.eabf26516f0b@b.example'
    """
    mark = hashlib.sha256(_bare(to).lower().encode()).hexdigest()[:12]
    return f"{kind}.{what}.{mark}@{_bare(sender).rpartition('@')[2] or 'localhost'}"


def compose_mail(letter: Letter, sender: str) -> bytes:
    """Return the letter as bytes: 7-bit, CRLF, no line over 998 bytes, no header that a stranger wrote.

    Raises:
        Rejected: the recipient's or the sender's address is unusable.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"], mail["To"] = _address(sender), _address(letter.to)
    mail["Subject"] = header(letter.subject)
    mail["Date"] = format_datetime(letter.date.astimezone(KST))
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    mail["List-Id"] = f"<bongsu.{_bare(sender).rpartition('@')[2] or 'localhost'}>"
    leave = f"<mailto:{_bare(sender)}?subject=unsubscribe>"
    mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>, {leave}" if letter.unsubscribe else leave
    if letter.unsubscribe:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text, cte="base64")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="base64")
    return mail.as_bytes()


def header(text: str) -> str:
    r"""Return text that is safe in a header: one line, and no encoded word that could hide a line break.

    Example:
        >>> header("제목\r\nBcc: v =?UTF-8?Q?x=0A?=")
        '제목 Bcc: v = ?UTF-8?Q?x=0A?='
    """
    return cut(_ENCODED_WORD.sub("= ?", clean(text)), SUBJECT_LENGTH)


def _bare(address: str) -> str:
    return parseaddr(address)[1]


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    if not text.isprintable():
        raise Rejected("mail", "an address with control characters")
    try:
        return Address(display_name=header(name), addr_spec=address)
    except (ValueError, IndexError) as error:
        raise Rejected(text, "not a mail address") from error
