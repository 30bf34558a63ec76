"""What stands behind a number: measures and money of data/units.tsv, and thousands and millions in words."""

import re
from functools import cache

from audiobook.spoken.data_tables import mapping

SCALES = r"(?:nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?:\s(?:nghìn|ngàn|triệu|tỷ|tỉ))?"
ELECTRIC = ("V", "A", "Ah", "mAh", "Hz", "W", "kW", "kV", "Ω", "VA", "kVA")


@cache
def unit_forms() -> str:
    """Every measure and currency of the table, as alternatives of a regular expression, the longest first."""
    return "|".join(re.escape(each) for each in sorted(mapping("units"), key=len, reverse=True))
