"""The app of a workspace, as one paste-in manifest."""

from typing import Final

from monitor.notify.slack_actions import REPORT

_TEMPLATE: Final = """\
_metadata:
  major_version: 2
display_information:
  name: bongsu
  description: 지역 투자·MOU 소식을 한 건에 한 번 알립니다
  long_description: >-
    전국 지역 언론과 공공기관 보도자료를 지켜보다가 투자와 협약 소식을 한 건에 한 번만 알립니다. 누가, 어디에, 얼마를,
    몇 명을, 어느 단계로 하는지 보여 주고, 같은 소식을 다룬 다른 매체는 그 알림에 더해 셉니다. bongsu watches regional
    papers and press boards in Korea and posts one alert for each new investment or MOU story.
  background_color: "#1f3a5f"
features:
  bot_user:
    display_name: bongsu
    always_online: true
  shortcuts:
    - name: 이 기사 제보
      type: message
      callback_id: {report}
      description: 메시지에 있는 기사를 봉수가 읽게 합니다
  slash_commands:
    - command: /mou
      description: 투자·MOU 소식 찾기
      usage_hint: 광주 배터리 | 단계 계약 | 음소거 ㈜회사 7d | 매체 | 도움{command_url}
oauth_config:
  scopes:
    bot: [chat:write, channels:history, groups:history, commands]
settings:
  interactivity:
    is_enabled: true{request_url}
  org_deploy_enabled: false
  socket_mode_enabled: {socket}
  token_rotation_enabled: false
"""


def manifest(request_url: str = "") -> str:
    """Return the manifest in YAML; with ``request_url`` buttons come by HTTP there, without it by Socket Mode.

    ``channels:history`` and ``groups:history`` let a lost answer be looked up before anything is repeated.
    """
    shown = f"\n    request_url: {request_url}" if request_url else ""
    command = f"\n      url: {request_url}" if request_url else ""
    return _TEMPLATE.format(
        request_url=shown, command_url=command, report=REPORT, socket="false" if request_url else "true"
    )
