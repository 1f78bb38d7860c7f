"""Who is signed in: one token opens the board for writing; a signed cookie remembers it."""

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

COOKIE = "bongsu"
LASTS = timedelta(days=30)
WINDOW = timedelta(minutes=1)
MOST_GUESSES = 5
"""Wrong tokens a minute from one address; with 128 random bits nobody gets near by guessing."""
MOST_WRITES = 60
"""Corrections a minute from one address: far more than a person presses."""
_REMEMBERED = 1000


class Sessions:
    """Opens, reads and checks sessions. Nothing is stored: the cookie is signed with a key made from the token."""

    def __init__(self, key: str, token: str) -> None:
        """An empty *token* lets nobody sign in."""
        self._token = token
        self._secret = hashlib.sha256(f"{key}\x1f{token}".encode()).hexdigest()
        self._signer = URLSafeSerializer(self._secret, salt="bongsu.session")

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a token at all."""
        return bool(self._token)

    def knows(self, token: str) -> bool:
        """Return whether *token* is the one, in constant time."""
        return bool(self._token) and hmac.compare_digest(self._token.encode(), token.encode("utf-8", "replace"))

    def begin(self, now: datetime) -> str:
        """Return a new cookie."""
        return str(self._signer.dumps([secrets.token_urlsafe(16), int((now + LASTS).timestamp())]))

    def is_valid(self, cookie: str, now: datetime) -> bool:
        """Return whether the cookie is ours and not too old."""
        if not cookie or not self._token:
            return False
        try:
            read = self._signer.loads(cookie)
        except BadData:
            return False
        match read:
            case [str(), int(until)]:
                return until > now.timestamp()
        return False

    def form_token(self, cookie: str) -> str:
        """Return what every form of this session carries, so that no other site can send one."""
        return hmac.new(self._secret.encode(), cookie.encode(), hashlib.sha256).hexdigest()

    def is_own_form(self, cookie: str, token: str) -> bool:
        """Return whether a form was made for this session, in constant time."""
        return hmac.compare_digest(self.form_token(cookie).encode(), token.encode("utf-8", "replace"))


class Turnstile:
    """Lets an address pass so many times a minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._passed: OrderedDict[str, deque[datetime]] = OrderedDict()

    def is_open(self, address: str, now: datetime) -> bool:
        """Return whether the address may pass now; does not count as a pass."""
        passed = self._passed.get(address)
        while passed and passed[0] < now - WINDOW:
            passed.popleft()
        return not passed or len(passed) < self._most

    def passes(self, address: str, now: datetime) -> None:
        """Count one pass."""
        self._passed.setdefault(address, deque()).append(now)
        self._passed.move_to_end(address)
        while len(self._passed) > _REMEMBERED:
            self._passed.popitem(last=False)
