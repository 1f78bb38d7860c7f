"""Which addresses may be asked at all: the pure half of the guard, without DNS.

One algorithm reads URLs everywhere in this room (WHATWG, by ada), because a host that two parsers read differently
is how guards are passed (GHSA-rph4-96w6-q594). What the names resolve to is judged in ``session``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import ada_url

from monitor.errors import ConfigError

_CLOSED_V4 = tuple(
    ip_network(block)
    for block in (
        # IANA special-purpose registry; is_global of Python 3.11 misses several of them
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's wire server: a public number that answers only inside
    )
)
_OPEN_V6 = ip_network("2000::/3")  # the only global unicast space IANA has given out
_CLOSED_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries any IPv4 address, and nobody is reachable only there
        "3ffe::/16",
        "3fff::/20",
    )
)
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052; an IPv6-only network reaches all IPv4 sites through it

_WEB_PORTS = frozenset((*range(80, 91), *range(440, 450), *range(8000, 9000)))
"""Ports news sites were seen on, with neighbours. Others need ``host:port`` in ``allow_private``: a guard that lets
a page name any port is a port scanner."""

_INSIDE_NAMES = re.compile(
    r"""(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|svc|cluster|consul
        |home\.arpa|in-addr\.arpa|ip6\.arpa|test|invalid|onion
        |nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me)$""",
    re.VERBOSE,
)
"""Names that public DNS does not hold (RFC 6761, 6762, 8375, 9476), and services that map names to any address."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AUTHORITY = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:[/\\]*([^/?#]*)")
_DEFAULT_PORTS = {"http:": 80, "https:": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read once, for good.

    ``host`` is ASCII and lower case, an IPv6 address has no brackets.
    """

    href: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what credentials and robots.txt belong to."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def href_root(self) -> str:
        """The address of the host's root, with its final slash."""
        return self.href[: self.href.index("/", len(self.scheme) + 3) + 1]


@lru_cache(maxsize=2048)
def ip_blocked(ip: str) -> bool:
    """Return whether *ip* is anything but a public unicast address.

    Mapped and NAT64 addresses are judged by the IPv4 address in them; what cannot be read, or has a zone, is blocked.

    Example:
        >>> ip_blocked("::ffff:169.254.169.254"), ip_blocked("8.8.8.8")
        (True, False)
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return True
    if isinstance(address, IPv6Address):
        return _v6_blocked(address)
    return any(address in block for block in _CLOSED_V4)


def _v6_blocked(address: IPv6Address) -> bool:
    if address.scope_id:
        return True
    if address.ipv4_mapped:
        return ip_blocked(str(address.ipv4_mapped))
    if address in _NAT64:
        return ip_blocked(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    return address not in _OPEN_V6 or any(address in block for block in _CLOSED_V6)


def join_url(base: str, href: str) -> str | None:
    """Return the absolute form of *href* on *base* by the WHATWG algorithm, or ``None`` where that fails.

    Example:
        >>> join_url("http://paper.kr/list/?p=2", "../a/1.html")
        'http://paper.kr/a/1.html'
    """
    try:
        return str(ada_url.join_url(base, href) if base else ada_url.URL(href).href)
    except (ValueError, UnicodeEncodeError):
        return None


def url_blocked(url: str) -> bool:
    """Return whether *url* is refused before any name is looked up, by a guard without exceptions."""
    return isinstance(Guard().judge(url), str)


class Guard:
    """Judges URLs and the addresses that are really connected, with the operator's exceptions."""

    def __init__(self, allow_private: tuple[str, ...] = ()) -> None:
        self._names: set[tuple[str, int]] = set()
        self._networks: list[tuple[IPv4Network | IPv6Network, int]] = []
        mistakes = [mistake for entry in allow_private if (mistake := self._allow(entry))]
        if mistakes:
            raise ConfigError(tuple(mistakes))

    def judge(self, url: str) -> Target | str:
        """Return *url* as it will be asked, or the reason why it is not asked. No DNS."""
        target = (_target_kept if len(url) <= _LONGEST_KEPT else _target)(url)
        return target if isinstance(target, str) else self._closed(target) or target

    def onward(self, base: Target, location: str) -> Target | str:
        """Return where a Location header leads from *base*, or why nobody goes there.

        Args:
            base: the address that answered.
            location: as aiohttp gives it: UTF-8, with other bytes as surrogates. Old Korean servers send raw EUC-KR
                here; its bytes are escaped one by one, as browsers do.
        """
        raw = location.encode("utf-8", "surrogateescape")
        try:
            printed = raw.decode("utf-8")
        except UnicodeDecodeError:
            printed = "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in raw)  # noqa: PLR2004
        if reason := _odd(printed):
            return reason
        joined = join_url(base.href, printed)
        return self.judge(joined) if joined else "the address cannot be read"

    def admits(self, host: str, ip: str, port: int) -> bool:
        """Return whether a socket for *host* may connect to *ip* at *port*."""
        return not ip_blocked(ip) or self._excepted(host, ip, port)

    def _closed(self, target: Target) -> str:
        host = target.host
        if self._excepted(host, host, target.port):
            return ""
        if _is_address(host):
            closed = ip_blocked(host)
        else:
            name = host.rstrip(".")
            closed = "." not in name or bool(_INSIDE_NAMES.search(name))
        if not closed and target.port in _WEB_PORTS:
            return ""
        wrong = f"{host} is not a public address" if closed else f"port {target.port} is not a web port"
        entry = f"[{host}]:{target.port}" if ":" in host else f"{host}:{target.port}"
        return f'{wrong}; to allow it, add "{entry}" to fetch.allow_private'

    def _excepted(self, host: str, ip: str, port: int) -> bool:
        if (host, port) in self._names or (host, 0) in self._names:
            return True
        if not self._networks:
            return False
        try:
            address = ip_address(ip)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network and allowed in (0, port) for network, allowed in self._networks)

    def _allow(self, entry: str) -> str:
        host, port = _split_port(entry.strip().lower())
        try:
            self._networks.append((ip_network(host.strip("[]"), strict=False), port))
        except ValueError:
            if not re.fullmatch(r"[\w.-]+", host):
                return f"fetch.allow_private: {entry!r} is neither host, host:port nor a network like 10.0.0.0/8"
            self._names.add((host, port))
        return ""


def _target(url: str) -> Target | str:
    """Return what a URL names, or why it is no address for us, whoever answers there."""
    if reason := _odd(url):
        return reason
    try:
        read = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        return "the address cannot be read"
    if read.protocol not in _DEFAULT_PORTS:
        return f"only http and https are asked, not {read.protocol[:20]}"
    if read.username or read.password:
        return "an address must not carry a user name"
    return Target(
        href=read.href.partition("#")[0],
        scheme=read.protocol[:-1],
        host=read.hostname.strip("[]"),
        port=int(read.port or _DEFAULT_PORTS[read.protocol]),
    )


_LONGEST_KEPT = 512
_target_kept = lru_cache(maxsize=2048)(_target)
"""A source is asked again and again, and each time judged twice: the page and its robots.txt. 25 µs each."""


def _odd(url: str) -> str:
    """Return why the printed form alone is refused; parsers disagree on these, and no newsroom needs them."""
    if _CONTROL.search(url):
        return "the address holds control characters"
    authority = _AUTHORITY.match(url)
    if authority and "\\" in authority.group(0):
        return "the address holds a backslash before its path"
    return ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _split_port(entry: str) -> tuple[str, int]:
    """Split ``host:port``; a bare IPv6 address keeps its colons, ``0`` means every port."""
    host, _, port = entry.rpartition(":")
    if host and port.isdecimal() and (":" not in host or host.startswith("[") or "/" in host):
        return host, int(port)
    return entry, 0
