"""The page holds everything it shows, and takes nothing for markup that is not."""

from obligor.report.page import Chapter, Report, page_of
from obligor.wording import Language, Wording

A_CHAPTER = Chapter("A <b>& Co", "Failed.", "<svg></svg>")


def a_page(*, rows: tuple[tuple[str, ...], ...] = (), words: Wording | None = None) -> str:
    report = Report("How", ["One & two."], ["a", "b"], rows, [A_CHAPTER])
    return page_of(report, words or Wording())


def test_names_are_text_and_pictures_are_pictures() -> None:
    page = a_page()
    assert "A &lt;b&gt;&amp; Co" in page
    assert "<svg></svg>" in page


def test_nothing_comes_from_elsewhere() -> None:
    page = a_page()
    assert "<script" not in page
    assert "http" not in page


def test_a_table_without_rows_is_left_out() -> None:
    assert "<table>" not in a_page()
    assert "<td>1</td>" in a_page(rows=(("x", "1"),))


def test_the_page_says_its_language() -> None:
    assert 'lang="zh"' in a_page(words=Wording(Language.CHINESE))
