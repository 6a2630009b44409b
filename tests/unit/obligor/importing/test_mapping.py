from pathlib import Path

import pytest

from obligor.importing.mapping import (
    FACT_COLUMNS,
    INVOICE_COLUMNS,
    Mapping,
    MappingError,
    RowKind,
    preset,
    read_mapping,
)


def _written(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _refusal(folder: Path, text: str) -> str:
    with pytest.raises(MappingError) as refused:
        read_mapping(_written(folder, text))
    return str(refused.value)


def test_without_a_word_a_file_is_plain_csv_of_facts() -> None:
    mapping = Mapping()

    assert (mapping.rows, mapping.delimiter, mapping.decimal) == (RowKind.FACTS, ",", ".")
    assert (mapping.dates, mapping.country, mapping.currency) == ("%Y-%m-%d", "ZZ", None)


@pytest.mark.parametrize("column", FACT_COLUMNS)
def test_a_column_that_is_not_renamed_is_ours(column: str) -> None:
    assert Mapping().theirs(column) == column


def test_a_renamed_column_is_theirs() -> None:
    assert Mapping(columns={"amount": "Betrag"}).theirs("amount") == "Betrag"


def test_a_row_of_facts_needs_to_say_what_it_is_and_about_whom() -> None:
    assert Mapping(rows=RowKind.FACTS).required_columns == ("type", "customer_id")


def test_a_row_of_invoices_needs_all_that_an_invoice_is() -> None:
    assert Mapping(rows=RowKind.INVOICES).required_columns == (
        *("customer_id", "invoice_id", "invoice_date", "due_date", "amount"),
    )


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(RowKind.FACTS, FACT_COLUMNS), (RowKind.INVOICES, INVOICE_COLUMNS)],
)
def test_rows_of_a_kind_have_their_columns(rows: RowKind, columns: tuple[str, ...]) -> None:
    assert Mapping(rows=rows).known_columns == columns


@pytest.mark.parametrize("rows", list(RowKind))
def test_a_column_that_is_needed_is_one_we_know(rows: RowKind) -> None:
    mapping = Mapping(rows=rows)

    assert set(mapping.required_columns) <= set(mapping.known_columns)


def test_a_mapping_is_read_from_its_file(tmp_path: Path) -> None:
    mapping = read_mapping(
        _written(tmp_path, "rows: invoices\ncolumns: {amount: Betrag}\ndecimal: ','\n")
    )

    assert (mapping.rows, mapping.theirs("amount"), mapping.decimal) == (
        *(RowKind.INVOICES, "Betrag", ","),
    )


def test_a_mapping_says_where_its_rows_come_from(tmp_path: Path) -> None:
    assert read_mapping(_written(tmp_path, "source: sap.de\n")).source == "sap.de"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("source: 'a b'\n", "source"),
        ("source: ''\n", "source"),
        ("rows: orders\n", "rows"),
        ("decimal: ''\n", "decimal"),
        ("decimal: ',,'\n", "decimal"),
        ("delimiter: ''\n", "delimiter"),
        ("delimiter: ', '\n", "delimiter"),
        ("country: de\n", "country"),
        ("country: DEU\n", "country"),
        ("columns: [amount]\n", "columns"),
        ("colums: {}\n", "colums"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_by_its_place(
    tmp_path: Path, text: str, place: str
) -> None:
    assert f"cannot be used: {place}" in _refusal(tmp_path, text)


def test_a_column_that_is_none_of_ours_is_refused_by_name(tmp_path: Path) -> None:
    assert "'betrag' is none of ours" in _refusal(tmp_path, "columns: {betrag: amount}\n")


def test_of_several_wrong_columns_always_the_same_one_is_named(tmp_path: Path) -> None:
    assert "'aa' is none of ours" in _refusal(tmp_path, "columns: {bb: x, aa: y}\n")


def test_a_column_of_facts_is_none_of_an_invoice_row(tmp_path: Path) -> None:
    text = "rows: invoices\ncolumns: {payment_id: Zahlung}\n"

    assert "'payment_id' is none of ours" in _refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["columns: {", "- a\n- b\n", "just words\n", ""])
def test_what_is_no_mapping_is_refused_and_breaks_nothing(tmp_path: Path, text: str) -> None:
    assert "cannot be used" in _refusal(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_bytes(b"\xff\xfe\x00\xd8")

    with pytest.raises(MappingError, match="cannot be used"):
        read_mapping(path)


def test_a_folder_is_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be used"):
        read_mapping(tmp_path)


def test_a_mapping_that_is_not_there_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nowhere\.yaml"):
        read_mapping(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("name", ["ibm", "plain"])
def test_the_mappings_that_come_with_us_can_be_used(name: str) -> None:
    mapping = preset(name)

    assert set(mapping.columns) <= set(mapping.known_columns)


def test_a_mapping_that_does_not_come_with_us_is_refused() -> None:
    with pytest.raises(MappingError, match=r"sap\.yaml"):
        preset("sap")
