"""What comes out is the whole of what went in, or an error; never a part, never too much."""

import contextlib
import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.inflate import Cut, Overflow, inflate

CAP = 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@given(st.binary(max_size=5000), st.sampled_from(sorted(PACK)), st.sampled_from([str, str.upper, " {} ".format]))
def test_round_trip(body, name, spelled):
    if not body.startswith(b"\x1f\x8b\x08"):
        assert inflate(PACK[name](body), spelled(name), CAP) == body


@given(st.binary(min_size=1, max_size=3000))
def test_the_bare_deflate_stream_is_read_too(body):
    packed = raw_deflate(body)
    is_wrapped = (packed[0] & 15, int.from_bytes(packed[:2], "big") % 31) == (8, 0)
    if not is_wrapped and not body.startswith(b"\x1f\x8b\x08"):
        assert inflate(packed, "deflate", CAP) == body


@given(st.binary(min_size=1, max_size=3000), st.sampled_from(sorted(PACK)), st.data())
def test_a_cut_body_is_never_a_page(body, name, data):
    packed = PACK[name](body)
    kept = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Cut):
        inflate(packed[:kept], name, CAP)


@given(st.binary(max_size=300), st.text(max_size=20), st.integers(0, 2000))
def test_nothing_else_escapes(body, encoding, cap):
    for name in (encoding, *PACK):
        with contextlib.suppress(Cut, Overflow):
            assert len(inflate(body, name, cap)) <= max(cap, len(body))


def test_a_wrong_checksum_is_a_cut():
    packed = bytearray(gzip.compress(b"a page" * 100))
    packed[-6] ^= 1
    with pytest.raises(Cut):
        inflate(bytes(packed), "gzip", CAP)


def test_members_are_joined_and_what_follows_is_ignored():
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert inflate(packed, "gzip", CAP) == b"one two"
    assert inflate(packed + b"\0" * 512, "gzip", CAP) == b"one two"
    assert inflate(packed + b"trailing", "gzip", CAP) == b"one two"
    assert inflate(zstandard.compress(b"one ") + zstandard.compress(b"two"), "zstd", CAP) == b"one two"


def test_codings_are_undone_from_the_last():
    assert inflate(gzip.compress(brotli.compress(b"page")), "br, gzip", CAP) == b"page"


@pytest.mark.parametrize("name", ["identity", "none", "utf-8", "aws-chunked", ""])
def test_unknown_codings_are_none(name):
    assert inflate(b"<p>", name, CAP) == b"<p>"


def test_plain_text_under_a_gzip_label_is_read_and_a_hidden_gzip_is_found():
    assert inflate(b"<html>page", "gzip", CAP) == b"<html>page"
    assert inflate(gzip.compress(b"<urlset>"), "", CAP) == b"<urlset>"
    assert inflate(b"", "gzip, br", CAP) == b""


@pytest.mark.parametrize("name", sorted(PACK))
def test_a_bomb_stops_at_the_cap(name):
    with pytest.raises(Overflow):
        inflate(PACK[name](bytes(CAP * 8)), name, CAP)


def test_many_members_and_many_layers_are_bombs_too():
    with pytest.raises(Overflow):
        inflate(gzip.compress(b"") * 50_000, "gzip", CAP)
    with pytest.raises(Overflow):
        inflate(zstandard.compress(b"") * 50_000, "zstd", CAP)
    with pytest.raises(Overflow):
        inflate(b"x", ", ".join(["gzip"] * 9), CAP)


def test_a_window_no_browser_grants_is_refused():
    packed = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27)
    ).compressobj()
    body = packed.compress(b"abc" * 1000) + packed.flush()
    with pytest.raises(Cut):
        inflate(body, "zstd", CAP)
