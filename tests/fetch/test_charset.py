"""No syllable is lost, whatever the labels say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import decode, read_text

SYLLABLES = "".join(map(chr, range(0xAC00, 0xD7A4)))
LABELS = (
    *("euc-kr", "EUC_KR", "euckr", "ks_c_5601-1987", "ks_c_5601-1989", "KSC_5601", "ksc5601", "iso-ir-149", "korean"),
    *("windows-949", "cp949", "ms949", "csKSC56011987", "cseuckr", "x-windows-949", "uhc"),
)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("where", ["header", "meta", "xml"])
def test_every_korean_label_means_all_syllables(label, where):
    kind = f"text/html; charset={label}" if where == "header" else "text/html"
    head = {"header": "", "meta": f"<meta charset='{label}'>", "xml": f'<?xml version="1.0" encoding="{label}"?>'}[
        where
    ]
    assert SYLLABLES in decode((head + SYLLABLES).encode("cp949"), kind)


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1", "nonsense", "utf-7", "base64"])
def test_undeclared_or_wrongly_declared_korean_is_read(label):
    text = "나주에 공장을 짓기로 한 회사가 협약을 맺었다. 뷁 햏 펲 쌰."
    assert decode(text.encode("cp949"), f"text/html; charset={label}" if label else "") == text


@given(st.text(), st.sampled_from([*LABELS, "utf-8", "shift_jis", "utf-16", "utf-7", "rot13", "x"]))
def test_valid_utf8_beats_any_label(text, label):
    if "\0" not in text and "\x1b" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode(), f"text/html; charset={label}") == text


@given(st.binary(), st.text())
def test_nothing_breaks_it(body, kind):
    assert isinstance(decode(body, kind), str)


@pytest.mark.parametrize(
    ("codec", "kind"),
    [
        ("utf-8-sig", "text/html; charset=euc-kr"),
        ("utf-16", "text/html; charset=euc-kr"),
        ("utf-16-le", "text/html; charset=utf-16"),
        ("utf-16-le", ""),
        ("utf-16-be", ""),
        ("iso2022_kr", "text/html; charset=iso-2022-kr"),
        ("iso2022_kr", ""),
        ("johab", "text/html; charset=johab"),
        ("johab", ""),
    ],
)
def test_old_and_wide_codes(codec, kind):
    text = "<title>Contract</title><p>신안군은 배터리 회사와 투자 협약을 맺고 부지를 정했다.</p>" * 3
    assert decode(text.encode(codec), kind) == text


@pytest.mark.parametrize(
    ("codec", "label"), [("gb18030", "gb2312"), ("cp932", "shift_jis"), ("euc_jp", "euc-jp"), ("big5", "big5")]
)
def test_neighbours_keep_their_own_label(codec, label):
    text = {
        "gb18030": "中国投资协议",
        "cp932": "投資の契約について",
        "euc_jp": "投資の契約について",
        "big5": "投資協議書",
    }[codec] * 20
    assert decode(text.encode(codec), f"text/html; charset={label}") == text


def test_a_few_broken_bytes_do_not_change_the_code():
    body = ("대구시와 회사가 협약을 맺었다. " * 20).encode()
    text, name = read_text(body[:300] + b"\xff" + body[300:], "text/html; charset=euc-kr")
    assert name == "utf-8"
    assert text.count("�") <= 3


def test_a_cut_last_letter_is_no_other_code():
    assert read_text(("인천시 " * 40).encode()[:-2], "")[1] == "utf-8"


def test_a_large_page_is_read_in_pieces_without_a_seam():
    text = "가나다라 뷁" * 400_000
    assert decode(text.encode("cp949"), "text/html; charset=euc-kr") == text
    assert decode(text.encode(), "") == text
