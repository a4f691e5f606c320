"""A report accounts for every row, and says so in plain text."""

from library.report import ImportReport, Rejection, total

NO = Rejection("a.csv", 3, "Band - Song", "no id")


def test_it_adds_up_or_says_that_it_does_not():
    assert ImportReport("a", 3, 1, 1, (NO,)).adds_up
    assert not ImportReport("a", 3, 3, 1).adds_up


def test_sums_add_every_part_and_say_each_note_once():
    one = ImportReport("a", 2, 1, 0, (NO,), ("cut off",))
    both = one + ImportReport("b", 5, 4, 1, (), ("cut off", "other"))
    assert (both.n_read, both.n_kept, both.n_merged, both.n_rejected) == (7, 5, 1, 1)
    assert both.adds_up
    assert both.source == "a + b"
    assert both.notes == ("cut off", "other")
    assert total([one, one, one]).n_read == 6


def test_the_text_names_each_reason_and_row():
    text = str(ImportReport("mine.csv", 1_002, 1_000, 1, (NO,), ("A note.",)))
    assert "mine.csv: 1,002 rows read = 1,000 kept + 1 merged + 1 rejected" in text
    assert "A note." in text
    assert "1 x no id" in text
    assert "a.csv row 3: Band - Song" in text


def test_a_long_list_is_cut_and_says_how_much():
    assert "... and 30 more" in str(ImportReport("a", 50, 0, 0, (NO,) * 50))


def test_it_survives_json():
    report = ImportReport("a", 2, 1, 0, (NO,), ("note",))
    assert ImportReport.from_dict(report.to_dict()) == report
