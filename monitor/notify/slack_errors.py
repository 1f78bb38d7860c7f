"""What Slack's refusals mean for us, and the one line that helps a person."""

from collections.abc import Mapping
from datetime import datetime

from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.notify.retry_after import UNREADABLE_WAIT, wait_asked

_ARCHIVED = "보관된 채널입니다. 복원하거나 다른 채널을 쓰세요 (the channel is archived: restore or change it)"
_SCOPE = "bongsu slack manifest 로 권한을 고치고 앱을 다시 설치하세요 (a scope is missing: reinstall)"
REMEDIES: Mapping[str, str] = {
    "not_in_channel": "채널에서 /invite @bongsu 를 입력하세요 (invite the bot: /invite @bongsu)",
    "channel_not_found": "receivers.toml 의 channel 을 확인하세요 (check the channel id in receivers.toml)",
    "is_archived": _ARCHIVED,
    "channel_is_archived": _ARCHIVED,
    "invalid_auth": "토큰을 다시 발급해 token_file 에 넣으세요 (issue the bot token again)",
    "not_authed": "token_file 이 비어 있습니다 (the token file is empty)",
    "token_revoked": "토큰을 다시 발급해 token_file 에 넣으세요 (issue the bot token again)",
    "token_expired": "토큰을 다시 발급해 token_file 에 넣으세요 (issue the bot token again)",
    "account_inactive": "봇 계정이 꺼졌습니다. 앱을 다시 설치하세요 (the bot is deactivated: reinstall the app)",
    "missing_scope": _SCOPE,
    "no_permission": _SCOPE,
    "restricted_action": "작업 공간 관리자가 게시를 막았습니다 (a workspace admin restricts posting here)",
    "restricted_action_read_only_channel": "읽기 전용 채널입니다 (the channel is read-only)",
    "ekm_access_denied": "작업 공간 관리자가 게시를 막았습니다 (a workspace admin restricts posting here)",
    "team_access_not_granted": "작업 공간에 앱을 다시 설치하세요 (reinstall the app in the workspace)",
    "org_login_required": "작업 공간 이전 중입니다 (the workspace is being moved)",
    "no_service": "webhook 주소를 다시 만드세요 (create the webhook again)",
    "no_active_hooks": "webhook 주소를 다시 만드세요 (create the webhook again)",
    "no_team": "webhook 주소를 다시 만드세요 (create the webhook again)",
    "invalid_token": "webhook 주소를 다시 만드세요 (create the webhook again)",
    "action_prohibited": "작업 공간 관리자가 게시를 막았습니다 (a workspace admin restricts posting here)",
    "posting_to_general_channel_denied": "다른 채널을 쓰세요 (posting to the general channel is denied)",
}
_LATER = {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "request_timeout"}
_UNSURE = {"internal_error", "fatal_error"}
SERVICE_UNAVAILABLE = 503
TOO_MANY = 429
SERVER_ERROR = 500


def reaction(receiver: str, status: int, error: str, retry_after: str | None, now: datetime) -> NotifyError:
    """Return the error that says how to react to an answer of Slack.

    503 promises that the call was not taken; any other 5xx may have come after the message was shown.
    ``TryLater.retry_at`` equals ``now`` when nothing was asked for: the outbox then waits by its own rule.
    """
    if status in {TOO_MANY, SERVICE_UNAVAILABLE} or error in _LATER:
        wait = wait_asked(retry_after, now) if retry_after is not None else None
        if wait is None and status == TOO_MANY:
            wait = UNREADABLE_WAIT
        return TryLater(receiver, error or f"HTTP {status}", now + wait if wait else now)
    if status >= SERVER_ERROR or error in _UNSURE:
        return Uncertain(receiver, f"HTTP {status} {error}".strip())
    if error in REMEDIES:
        return ChannelDown(receiver, error, REMEDIES[error])
    return Rejected(receiver, error or f"HTTP {status}")
