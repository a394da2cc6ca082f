"""Dates that plans and notices set for authorities: parameters, which no verdict turns on."""

from __future__ import annotations

from datetime import date

import pytest

from carbonlex.rulebook.load import load_rulebook

DATES = [
    ("plan-power-2019-2020/pre-allocation", (2019, 2020), date(2021, 1, 29)),
    ("plan-power-2021-2022/pre-allocation", (2021, 2022), date(2023, 4, 30)),
    ("plan-power-2021-2022/final-allocation", (2021, 2022), date(2023, 7, 15)),
    ("plan-industry-2024-2025/pre-allocation", (2025, 2025), date(2026, 6, 30)),
    ("notice-2026-02-09/list-publication", (2026, 2026), date(2026, 10, 31)),
]


@pytest.mark.parametrize(("name", "years", "day"), DATES, ids=[d[0] for d in DATES])
def test_the_date_of_a_plan(name: str, years: tuple[int, int], day: date) -> None:
    rulebook = load_rulebook()
    norm = rulebook.norm(name)
    (parameter,) = (p for p in rulebook.parameters.values() if p.norm == norm.id)
    (span,) = parameter.spans
    assert (norm.addressees, norm.years) == (("authority",), years)
    assert span.entry is not None
    assert (span.start, span.until, span.entry.value) == (*years, day)
