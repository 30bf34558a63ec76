"""Vietnamese text -> the same without accents, for what can show ASCII only."""

import unicodedata


def bare(text: str) -> str:
    """The letters without their marks; what has no bare form falls away.

    >>> bare("Đường dây nóng – số 1")
    'Duong day nong  so 1'
    """
    apart = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return apart.encode("ascii", "ignore").decode()
