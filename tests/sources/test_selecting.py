"""Selectors of outlet files are CSS or a mistake, named with the file."""

import pytest

from monitor.errors import ConfigError
from monitor.model import Selectors
from monitor.settings import load
from monitor.sources import no_selectors


@pytest.mark.parametrize("text", ["//a", "document('file:///etc/passwd')", "p[", "..", "p{}", ":nope(1)", "=작성일"])
def test_what_is_no_css_is_named(text: str) -> None:
    assert no_selectors(Selectors(item=text, title="b.title")) == ("item",)


def test_a_cell_after_a_label_is_for_pages_only() -> None:
    assert no_selectors(Selectors(published="=작성일|등록일", headline="=제목")) == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('[selectors]\nitem = "//a"', "selectors.item: no CSS selector"),
        ('headers_file = "/etc/shadow"', "headers_file"),
        ('headers_file = "../own.headers"', "headers_file"),
    ],
)
def test_the_mistake_names_its_file(tmp_path, line: str, words: str) -> None:
    (tmp_path / "outlets" / "gwangju").mkdir(parents=True)
    (tmp_path / "monitor.toml").write_text("")
    (tmp_path / "outlets/gwangju/dawn.toml").write_text(f'name = "새벽"\nfeeds = ["https://a.example/rss"]\n{line}\n')

    with pytest.raises(ConfigError) as wrong:
        load(str(tmp_path))
    (mistake,) = wrong.value.mistakes
    assert "dawn.toml" in mistake
    assert words in mistake
