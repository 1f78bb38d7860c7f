"""What the service manager says to a daemon that it starts."""

import os
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """Where it listens (a path, or ``@`` and an abstract name; "" when nobody does) and how often it wants a sign."""

    address: str = ""
    watchdog: timedelta | None = None


def service_manager() -> ServiceManager:
    """Read ``NOTIFY_SOCKET`` and ``WATCHDOG_USEC`` as systemd sets them (sd_notify(3), sd_watchdog_enabled(3))."""
    spell = os.environ.get("WATCHDOG_USEC", "")
    for_us = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    watchdog = timedelta(microseconds=int(spell)) if spell.isdecimal() and int(spell) and for_us else None
    return ServiceManager(os.environ.get("NOTIFY_SOCKET", ""), watchdog)
