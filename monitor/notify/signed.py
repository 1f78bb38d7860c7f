"""Links in mails that act for one reader: signed, so that nobody else can make them; no login is needed.

A mail scanner follows links, so a GET only shows what the link would do; the POST acts.
"""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from monitor.model import StoryId

_FEEDBACK, _LEAVE = "feedback", "leave"
LONGEST = 1000
"""Letters of a token; ours are below 300."""


@dataclass(frozen=True, slots=True)
class SignedFeedback:
    """What one reader would say of a story by following a link."""

    story: StoryId
    verdict: str  # "useful" or "irrelevant"
    who: str


@dataclass(frozen=True, slots=True)
class SignedLeave:
    """The wish of one address to get no more digests of a receiver."""

    receiver: str
    address: str


class Pen:
    """Signs links and reads them back; the key never leaves the store."""

    def __init__(self, key: str) -> None:
        self._key = key

    def feedback(self, said: SignedFeedback) -> str:
        """Return the token of a link ``/f/<token>``."""
        return self._sign(_FEEDBACK, [said.story, said.verdict, said.who])

    def leave(self, wish: SignedLeave) -> str:
        """Return the token of a link ``/u/<token>`` (RFC 8058)."""
        return self._sign(_LEAVE, [wish.receiver, wish.address])

    def read_feedback(self, token: str) -> SignedFeedback | None:
        """Return what a token says; None when it is not ours."""
        match self._read(_FEEDBACK, token):
            case [str(story), str(verdict), str(who)]:
                return SignedFeedback(StoryId(story), verdict, who)
        return None

    def read_leave(self, token: str) -> SignedLeave | None:
        """Return what a token says; None when it is not ours."""
        match self._read(_LEAVE, token):
            case [str(receiver), str(address)]:
                return SignedLeave(receiver, address)
        return None

    def _sign(self, purpose: str, said: list[str]) -> str:
        return str(URLSafeSerializer(self._key, salt=f"bongsu.{purpose}").dumps(said))

    def _read(self, purpose: str, token: str) -> object:
        if len(token) > LONGEST:
            return None
        try:
            return URLSafeSerializer(self._key, salt=f"bongsu.{purpose}").loads(token)
        except BadData:
            return None
