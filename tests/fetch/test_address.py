"""Nobody is asked who is not on the public web."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.fetch import Guard, ip_blocked, join_url, url_blocked
from monitor.fetch.address import Target


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254"),
        *("100.64.0.1", "100.127.255.255", "0.0.0.0", "0.9.9.9", "192.0.0.8", "192.0.2.7", "192.88.99.1", "198.19.0.1"),
        *("198.51.100.9", "203.0.113.5", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:808:808::1"),
        *(
            "2001::1",
            "2001:db8::1",
            "2001:10::1",
            "fc00::1",
            "fe80::1",
            "fe80::1%eth0",
            "fec0::1",
            "ff02::1",
            "3fff::1",
        ),
        *("100::1", "4000::1", "5f00::1", "", "localhost", "1.2.3", "1.2.3.4.5"),
    ],
)
def test_closed_addresses(ip):
    assert ip_blocked(ip)


@pytest.mark.parametrize(
    "ip",
    [
        *("8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
        *("128.0.0.0", "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.1"),
        *("223.255.255.255", "2001:4860:4860::8888", "2400::1", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_public_addresses(ip):
    assert not ip_blocked(ip)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_alike(ip: IPv4Address):
    expected = ip_blocked(str(ip))
    assert ip_blocked(f"::ffff:{ip}") == expected
    assert ip_blocked(str(IPv6Address(int(IPv6Address("64:ff9b::")) + int(ip)))) == expected


@given(st.ip_addresses(v=4), st.sampled_from(["http://{}/", "http://{}:8080/", "https://{}/a?b#c"]))
def test_every_spelling_of_an_address_is_judged_alike(ip: IPv4Address, form: str):
    octets = str(ip).split(".")
    spellings = [str(ip), str(int(ip)), hex(int(ip)), ".".join(hex(int(o)) for o in octets), f"0{int(ip):o}", f"{ip}."]
    spellings += ["".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in str(ip)), str(ip).replace(".", "。")]
    for spelling in spellings:
        assert url_blocked(form.format(spelling)) == ip_blocked(str(ip)), spelling


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://paper.kr/",
            "gopher://paper.kr/",
            "data:text/html,a",
            "javascript:1",
            "//paper.kr/",
        ),
        *("http://localhost/", "http://LocalHost./", "http://a.localhost/", "http://redis/", "http://x.internal/"),
        *("http://printer.local/", "http://a.home.arpa/", "http://127.0.0.1.nip.io/", "http://db.svc.cluster.local/"),
        *("http://me@paper.kr/", "http://me:pw@paper.kr/", "http://paper.kr\\@10.0.0.1/", "http:\\\\paper.kr/"),
        *(
            "http://paper.kr/\r\nX: y",
            "http://pa\tper.kr/",
            "http://pap er.kr/",
            "http://[::1]/",
            "http://[fe80::1%25lo]/",
        ),
        *(
            "http://paper.kr:22/",
            "http://paper.kr:25/",
            "http://paper.kr:6379/",
            "http://paper.kr:99999/",
            "http:///",
            "",
        ),
        *("http://%31%32%37.0.0.1/", "http://①②⑦.0.0.1/", "http:127.0.0.1/", "http://0/", "http://127.1/"),
    ],
)
def test_refused_urls(url):
    assert url_blocked(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://paper.kr/",
            "https://www.paper.co.kr/news/1?a=b#c",
            "http://paper.kr:8080/",
            "https://paper.kr:8443/",
        ),
        *("http://한글.kr/기사/1", "https://xn--bj0bj06e.kr/", "http://paper.kr./", "http://paper.kr/a\\b"),
    ],
)
def test_asked_urls(url):
    assert not url_blocked(url)


@given(st.text())
def test_no_text_breaks_the_judge(text):
    for url in (text, "http://" + text, "http://paper.kr/" + text):
        url_blocked(url)
        join_url("http://paper.kr/", url)


def test_exceptions_are_as_narrow_as_they_are_written():
    guard = Guard(("127.0.0.1:8900", "10.1.0.0/16", "10.2.0.0/16:8080", "newsroom:8000", "[::1]:8000", "fd00::/8"))

    def asked(url: str) -> bool:
        return not isinstance(guard.judge(url), str)

    assert asked("http://127.0.0.1:8900/")
    assert not asked("http://127.0.0.1:8901/")
    assert asked("http://2130706433:8900/"), "another spelling of the same address"
    assert asked("http://10.1.9.9:9999/")
    assert not asked("http://10.3.0.1/")
    assert asked("http://10.2.0.1:8080/")
    assert not asked("http://10.2.0.1/")
    assert asked("http://newsroom:8000/")
    assert not asked("http://newsroom/")
    assert asked("http://[::1]:8000/")
    assert asked("http://[fd00::1]:1234/")
    assert not asked("http://[::1]/")
    assert guard.admits("newsroom", "192.168.0.7", 8000)
    assert not guard.admits("elsewhere", "192.168.0.7", 8000)
    assert guard.admits("x", "::ffff:127.0.0.1", 8900)
    assert not guard.admits("x", "127.0.0.1", 8901)


def test_a_refusal_says_how_to_allow_it():
    assert '"192.168.0.9:80" to fetch.allow_private' in str(Guard().judge("http://192.168.0.9/"))


def test_all_wrong_exceptions_are_told_at_once():
    with pytest.raises(ConfigError) as wrong:
        Guard(("http://a/", "good.host", "b c"))
    assert len(wrong.value.mistakes) == 2


@pytest.mark.parametrize(
    ("base", "href", "whole"),
    [
        ("http://paper.kr/a/list.html", "view.html?no=1", "http://paper.kr/a/view.html?no=1"),
        ("http://paper.kr/a/", "//cdn.kr\\b", "http://cdn.kr/b"),
        ("http://paper.kr/", " /a\n/b ", "http://paper.kr/a/b"),
        ("http://paper.kr/", "http://[", None),
        ("", "/a", None),
    ],
)
def test_join(base, href, whole):
    assert join_url(base, href) == whole


@pytest.mark.parametrize(("first", "last"), [(80, 90), (440, 449), (8000, 8999)])
def test_the_ports_that_a_page_may_name(first: int, last: int):
    def asked(port: int) -> bool:
        return not url_blocked(f"http://paper.kr:{port}/")

    assert [asked(port) for port in (first - 1, first, last, last + 1)] == [False, True, True, False]
    refused = Guard().judge(f"http://paper.kr:{last + 1}/")
    assert refused.startswith(f'port {last + 1} is not a web port; to allow it, add "paper.kr:{last + 1}"')


def test_an_address_is_read_once_for_good():
    target = Guard().judge("HTTPS://Paper.KR/list/a?b=1#part")
    assert target == Target("https://paper.kr/list/a?b=1", "https", "paper.kr", 443)
    assert (target.origin, target.href_root) == ("https://paper.kr:443", "https://paper.kr/")
    assert Guard().judge("http://paper.kr").port == 80
    assert Guard().judge("http://paper.kr:8080/a/b").href_root == "http://paper.kr:8080/"
    with pytest.raises(AttributeError):
        target.host = "127.0.0.1"
    assert not hasattr(target, "__dict__")


def test_a_scheme_is_told_in_twenty_letters():
    assert Guard().judge("abcdefghijklmnopqrstuvwxyz://x/") == "only http and https are asked, not abcdefghijklmnopqrst"


def test_an_address_behind_nat64_is_judged_to_its_last_bit():
    assert [ip_blocked(f"64:ff9b::a83f:81{last}") for last in ("10", "11")] == [True, False]


@pytest.mark.parametrize(
    ("location", "href"),
    [
        pytest.param("../b", "http://paper.kr/b", id="relative"),
        pytest.param("/한", "http://paper.kr/%ED%95%9C", id="utf-8"),
        pytest.param(
            b"/a~\x80\xb1\xa4".decode("utf-8", "surrogateescape"), "http://paper.kr/a~%80%B1%A4", id="raw euc-kr"
        ),
    ],
)
def test_where_a_redirect_leads(location: str, href: str):
    assert Guard().onward(Guard().judge("http://paper.kr/a/1"), location).href == href


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://[", "the address cannot be read"),
        ("http://127.0.0.1/", "127.0.0.1 is not a public address"),
        (b"/\x7f\xb1".decode("utf-8", "surrogateescape"), "the address holds control characters"),
    ],
)
def test_where_a_redirect_does_not_lead(location: str, why: str):
    assert Guard().onward(Guard().judge("http://paper.kr/a/1"), location).startswith(why)


@pytest.mark.parametrize(
    ("entry", "url", "is_asked"),
    [
        pytest.param("desk.corp", "http://desk.corp:7777/", True, id="a name at every port"),
        pytest.param("desk.corp:7777", "http://desk.corp:7778/", False, id="a name at another port"),
        pytest.param("10.1.2.3/8", "http://10.9.9.9:7777/", True, id="a network written by one of its hosts"),
        pytest.param("fd00::5", "http://[fd00::5]:7777/", True, id="an IPv6 address that ends like a port"),
        pytest.param("[fd00::5]:70", "http://[fd00::5]:71/", False, id="an IPv6 address at another port"),
        pytest.param("[fd00::5]:70", "http://[fd00::5]:70/", True, id="an IPv6 address at its port"),
    ],
)
def test_what_is_allowed_by_name(entry: str, url: str, is_asked: bool):
    assert isinstance(Guard((entry,)).judge(url), Target) is is_asked
