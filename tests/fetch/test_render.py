"""Pages that scripts build, in a real Chromium that has no network of its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from monitor.errors import Forbidden, Gone, TooHostile, TooLarge, Unreachable
from monitor.extract import read_article
from monitor.fetch import Fetcher, Limits, no_rendering
from monitor.model import Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.sources import discover
from tests.fetch.server import Server, reply

pytestmark = pytest.mark.skipif(
    find_spec("playwright") is None or shutil.which("chromium") is None,
    reason="no playwright or no chromium on this machine (pip install bongsu[js]; Debian: chromium)",
)
HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>새벽신문</title></head><body>'
WORDS = "나주시는 배터리 소재 기업 ㈜누리셀과 혁신산단에 공장을 짓는 투자협약을 체결했다고 밝혔다. "


def scripted(code: str) -> bytes:
    return reply(f'{HEAD}<div id="app"></div><script>{code}</script></body></html>'.encode())


@pytest.fixture
async def renderer(site: Server) -> AsyncIterator[Callable[..., Fetcher]]:
    """Makes a fetcher with other limits; each is closed with its browser at the end."""
    opened = []

    async def make(**other: object) -> Fetcher:
        site.answers.setdefault("/robots.txt", reply(b"", status=404))
        limits = Limits(allow_private=(site.place,), gap=timedelta(0), deadline=timedelta(seconds=20), max_bytes=2**21)
        fetcher = Fetcher(replace(limits, **other))
        opened.append(await fetcher.__aenter__())
        return fetcher

    yield make
    for fetcher in opened:
        await fetcher.__aexit__(None, None, None)


def children() -> set[str]:
    """The processes that run a Chromium under this one."""
    above, names = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(") ")
        except OSError:
            continue
        above[path.parent.name], names[path.parent.name] = rest.split()[1], name
    ours = {str(os.getpid())}
    for _ in range(8):
        ours |= {pid for pid, parent in above.items() if parent in ours}
    return {pid for pid in ours if "chrom" in names.get(pid, "")}


async def test_a_list_that_a_script_builds_is_read_as_a_list(site, renderer):
    build = """fetch('/api/list').then(answer => answer.json()).then(rows => {
      app.innerHTML = '<ul>' + rows.map(row => `<li><a href="/news/${row.id}">${row.title}</a></li>`).join('') + '</ul>'
    })"""
    rows = ",".join(f'{{"id": {n}, "title": "나주시 투자협약 소식을 알립니다 제{n}호"}}' for n in range(1, 9))
    site.answers["/list"] = reply(f'{HEAD}<div id="app"></div><script src="/build.js"></script>'.encode())
    site.answers["/build.js"] = reply(build.encode("euc-kr"), kind="text/javascript; charset=euc-kr")
    site.answers["/api/list"] = reply(f"[{rows}]".encode(), kind="application/json")
    source = Source(site.url("/list"), SourceKind.LIST)
    outlet = Outlet(OutletId("jeonnam/dawn"), "새벽신문", "jeonnam", OutletKind.PAPER, (source,))

    page = await (await renderer()).render(source.url)

    links = discover(source, outlet, page)
    assert [link.url for link in links] == [site.url(f"/news/{n}") for n in range(1, 9)]
    assert links[0].title == "나주시 투자협약 소식을 알립니다 제1호"
    assert page.url == source.url
    assert page.digest != ""


async def test_an_article_that_a_script_builds_is_read_as_an_article(site, renderer):
    site.answers["/news/1"] = scripted(f"""
      document.title = '나주시, ㈜누리셀과 투자협약';
      setTimeout(() => {{ app.innerHTML = '<article><h1>나주시, ㈜누리셀과 투자협약</h1>'
        + '<p>{WORDS * 2}</p>'.repeat(4) + '</article>' }}, 100)""")
    article = read_article(await (await renderer()).render(site.url("/news/1")))
    assert article.title == "나주시, ㈜누리셀과 투자협약"
    assert article.text.count("혁신산단") == 8


async def test_a_page_that_loops_for_ever_costs_itself_and_the_next_one_is_read(site, renderer):
    site.answers["/loop"] = scripted("for (;;) {}")
    site.answers["/late"] = scripted("setTimeout(() => { for (;;) {} }, 50)")
    site.answers["/well"] = scripted("app.textContent = 'built'")
    fetcher = await renderer(deadline=timedelta(seconds=4))
    for path in ("/loop", "/late"):
        with pytest.raises(TooHostile):
            await fetcher.render(site.url(path))
        assert children() == set()
    assert ">built<" in (await fetcher.render(site.url("/well"))).text
    assert children() != set()
    await fetcher.__aexit__(None, None, None)
    assert children() == set()


async def test_a_page_that_swallows_memory_is_stopped(site, renderer):
    site.answers["/swell"] = scripted("for (const all = [];;) all.push(new Uint8Array(2 ** 26).fill(1))")
    with pytest.raises(TooHostile) as stopped:
        await (await renderer(deadline=timedelta(seconds=40))).render(site.url("/swell"))
    assert not isinstance(stopped.value.__cause__, TimeoutError)


async def test_a_page_that_builds_without_end_is_refused(site, renderer):
    site.answers["/long"] = scripted("app.textContent = 'x'.repeat(2 ** 22)")
    with pytest.raises(TooLarge):
        await (await renderer()).render(site.url("/long"))


WAYS_OUT = """
  const at = 'http://%(place)s';
  const say = word => { app.textContent += word + ' ' };
  for (const way of [() => fetch(at + '/fetch').catch(() => say('refused')),
    () => { new WebSocket('ws://%(place)s/socket') },
    () => { new EventSource(at + '/events') },
    () => { navigator.sendBeacon(at + '/beacon', 'x') },
    () => { new Image().src = at + '/picture' },
    () => { window.open(at + '/window') },
    () => { new Worker(URL.createObjectURL(new Blob([`fetch('${at}/worker')`]))) },
    () => { new WebTransport('https://%(place)s/') },
    () => { const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:%(stun)s'},
        {urls: 'turn:%(place)s?transport=tcp', username: 'a', credential: 'b'}]});
      peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer)) },
    () => { document.body.insertAdjacentHTML('beforeend', `<iframe src="${at}/frame"></iframe>
      <link rel="prefetch" href="${at}/prefetch"><link rel="preconnect" href="${at}">
      <form id="f" method="post" action="${at}/form"></form>`);
      f.submit() },
    () => { setTimeout(() => { location.href = at + '/elsewhere' }, 100) }]) try { way() } catch { }
  say('done')
"""


async def test_a_page_reaches_no_private_address_by_any_way(site, renderer):
    heard = []

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, packet: bytes, sender: object) -> None:
            heard.append(packet)

    async with Server() as inside:
        udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(Listener, local_addr=("127.0.0.1", 0))
        stun = "127.0.0.1:{1}".format(*udp.get_extra_info("sockname"))
        site.answers["/sly"] = scripted(WAYS_OUT % {"place": inside.place, "stun": stun})
        page = await (await renderer()).render(site.url("/sly"))
        await asyncio.sleep(0.5)
        udp.close()
        await asyncio.sleep(0)
        assert ">done refused <" in page.text
        assert (inside.connections, heard) == (0, [])


async def test_pop_ups_and_questions_hold_nothing_up(site, renderer):
    site.answers["/shout"] = scripted("""for (let n = 0; n < 20; n++) window.open('/pop?' + n);
      alert('안녕'); confirm('?'); print(); onbeforeunload = () => 'stay'; app.textContent = 'built'""")
    assert ">built<" in (await (await renderer()).render(site.url("/shout"))).text
    assert not [path for path in site.paths if path.startswith("/pop")]


async def test_every_part_obeys_robots_and_the_page_gets_so_many(site, renderer):
    site.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /closed", kind="text/plain")
    site.answers["/many"] = scripted("""fetch('/closed/1').catch(() => { app.textContent = 'refused' });
      for (let n = 0; n < 100; n++) fetch('/part?' + n).catch(() => 0);
      fetch('/part', {method: 'POST'}).catch(() => 0)""")
    page = await (await renderer()).render(site.url("/many"))
    assert ">refused<" in page.text
    assert "/closed/1" not in site.paths
    assert len([path for path in site.paths if path.startswith("/part")]) == 59


async def test_secrets_stay_at_home_and_scripts_are_asked_once(site, renderer):
    async with Server() as other:
        other.answers["/robots.txt"] = reply(b"", status=404)
        other.answers["/lib.js"] = reply(b"", kind="text/javascript")
        for path in ("/a", "/b"):
            site.answers[path] = reply(
                f'{HEAD}<script src="/own.js"></script><script src="{other.url("/lib.js")}"></script>'.encode()
            )
        site.answers["/own.js"] = reply(b"fetch('/api')", kind="text/javascript")
        site.answers["/api"] = reply(b"{}", kind="application/json")
        fetcher = await renderer(allow_private=(site.place, other.place))
        for path in ("/a", "/b"):
            await fetcher.render(site.url(path), headers=(("Cookie", "member=1"),))
        assert site.paths == ["/robots.txt", "/a", "/own.js", "/api", "/b", "/api"]
        assert [asked.headers.get("cookie") for asked in site.heard[1:]] == ["member=1"] * 5
        assert [(asked.path, asked.headers.get("cookie")) for asked in other.heard][1:] == [("/lib.js", None)]


async def test_the_page_itself_is_judged_as_any_page(site, renderer):
    fetcher = await renderer()
    with pytest.raises(Gone):
        await fetcher.render(site.url("/nowhere"))
    with pytest.raises(Forbidden):
        await fetcher.render("http://127.0.0.1:9/inside")


async def test_a_browser_that_is_missing_or_does_not_start_is_told_with_the_remedy(site, renderer, tmp_path):
    site.answers["/a"] = scripted("")
    with pytest.raises(Unreachable, match=r"\[fetch\] browser"):
        await (await renderer(browser=str(tmp_path / "none"))).render(site.url("/a"))
    with pytest.raises(Unreachable, match="does not start"):
        await (await renderer(browser=shutil.which("false"))).render(site.url("/a"))
    assert no_rendering("chromium") == ""
