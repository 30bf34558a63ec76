"""Amounts with a measure or a currency behind -> words: 75 m2, 5–7%, 3,5 tỷ USD, -2°C, 1m65; and "/năm": mỗi năm."""

import re
from collections.abc import Iterator
from functools import cache

from audiobook.spoken.apart import are_apart
from audiobook.spoken.cues import after, before
from audiobook.spoken.data_tables import mapping, table
from audiobook.spoken.letters import is_syllable
from audiobook.spoken.numbers import NUMBER, cardinal, digits, number
from audiobook.spoken.spans import Span, words_after, words_before
from audiobook.spoken.units import SCALES, unit_forms

UNIT = 72

SIGN = r"(?:[<>]=|[-–+±<>≤≥~≈∼])"
_SIGNED = r"(?:(?:[<>]=|[±<>≤≥~≈∼])\s?|[-–+](?=\d))"  # "ông Hùng - 1.000.000đ" is a dash: its blank tells
SIGNS = {
    "-": "âm", "–": "âm", "+": "cộng", "±": "cộng trừ", "<": "dưới", ">": "trên", "≤": "không quá", "≥": "từ",
    "~": "khoảng", "≈": "xấp xỉ", "≠": "khác", "<=": "không quá", ">=": "từ", "∼": "khoảng",
}  # fmt: skip
_COMPARED = re.compile(r"[<>]=?(?=\s?\d)")
_LEAST = 1  # below every rule that takes the sign along with its number
_MINUTES_OF_ARC = re.compile(r"(?<![\w.,/])(\d{1,3})°(\d{1,2})'(?:(\d{1,2})\")?")
_TALL = re.compile(r"(?<![\w.,/])(\d{1,2})(m|kg)(\d{1,2})(?![\w²³])")
_PULSE = re.compile(r"(?<=mạch )(\d{2,3}) ?l/(?:p|ph|phút)(?!\w)|(?<=nhịp tim )(\d{2,3}) ?l/(?:p|ph|phút)(?!\w)")
_TONNES = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:,\d{1,2})?)\s?[Tt](?![\w.])")
_BEHIND_TONNES = re.compile(r"/(?:ha|sào|mẫu|năm|vụ|ngày|giờ|chuyến|tháng)(?!\w)")
_TABLETS = re.compile(r"(?<![\w.,/-])(\d{1,2})\s?v(?=\s?/\s?(?:ngày|lần)|\sx\s?\d|[\s,.;)]|$)")
_TAKEN = re.compile(r"(?:uống|lần|sáng|trưa|chiều|tối|liều|x)\s$")
_LONG = re.compile(r"(?:cao|khổ|sâu|lặn)\s$")
_BOOK = re.compile(r"(?:sách|dày|cuốn|bản thảo)\s\D{0,12}$")
_RUN_OR_SCREEN = re.compile(r"(?:độ phân giải|màn hình|chạy|cự ly|giải|video|ti vi|tivi)\s$")
_SLOGAN = re.compile(r"(?:thông điệp|nguyên tắc|quy tắc|thực hiện|chiến lược|khẩu hiệu)\s$")
_NAME_LIKE = ("k", "K", "A", "V", "B", "N", "L", "J", "in", "W")
_STORAGE = re.compile(r"ổ cứng|dung lượng|bộ nhớ|dữ liệu|lưu trữ|máy|SSD|HDD|USB|đám mây|GB")
_VOLUME = re.compile(r"(?:can|chai|bình|bể|thùng|xô|nồi|ấm|phuy|téc|bồn|xi téc|dung tích|lít)\s(?:\w+\s){0,2}$")
_LIQUID = re.compile(r"\s?(?:xăng|nước|dầu|sữa|rượu|mật|nước mắm|sơn|cồn|thuốc)")
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")  # 10,000 đồng: no money has thousandths
_MARKED = re.compile(r"\.\s[A-ZĐ]")


@cache
def _measured() -> re.Pattern[str]:
    amount = rf"(?:{NUMBER})"
    return re.compile(
        rf"(?:(?<![\w.,/])|(?<=\dx))(?:(?<![-–])(?P<sign>{_SIGNED}))?(?P<first>{amount})(?P<odd>\.\d{{1,2}})?"
        rf"(?:(?P<funit>{unit_forms()})?(?P<dash>\s?[-–÷]\s?)(?P<last>{amount}))?"
        rf"(?:(?P<scale>\s?{SCALES})(?![^\W\d_]))?\s?(?P<unit>{unit_forms()})(?P<more>\d)?(?![^\W\d_]|\d|/c\b)"
    )


def measures(text: str) -> Iterator[Span]:
    """Numbers with a unit behind, and what one gets for each ("/năm")."""
    for match in _MINUTES_OF_ARC.finditer(text):
        seconds = f" {cardinal(int(match[3]))} giây" if match[3] else ""
        said = f"{cardinal(int(match[1]))} độ {cardinal(int(match[2]))} phút{seconds}"
        yield Span.of(match, said, priority=UNIT + 1, rule="measure")
    for match in _amounts(text):
        if _is_amount(match, text):
            yield _amount(match, text)
    for match in _TALL.finditer(text):
        area = match[2] == "m" and match[3] in "23"
        if not area or (match[1] in "123" and _LONG.search(text[: match.start()])):
            said = f"{cardinal(int(match[1]))} {mapping('units')[match[2]]} {cardinal(int(match[3]))}"
            yield Span.of(match, said, priority=UNIT + 1, rule="measure")
    yield from _by_one_letter(text)
    yield from _each(text)


def comparisons(text: str) -> Iterator[Span]:
    """Signs before a number that another rule reads alone, such as a blood pressure: "HA > 140/90"."""
    for match in _COMPARED.finditer(text):
        yield Span.of(match, SIGNS[match[0]], priority=_LEAST, rule="sign")


def _by_one_letter(text: str) -> Iterator[Span]:
    """Beats of the pulse, tonnes, tablets: a letter that the words around must explain."""
    for match in _PULSE.finditer(text):
        yield Span.of(match, f"{number(match[1] or match[2])} lần mỗi phút", priority=UNIT + 2, rule="measure")
    for match in _TONNES.finditer(text):
        if "," in match[1] or _are_tonnes(text, match):
            yield Span.of(match, f"{number(match[1])} tấn", priority=UNIT, rule="measure")
    for match in _TABLETS.finditer(text):
        if _TAKEN.search(text[: match.start()]):
            yield Span.of(match, f"{number(match[1])} viên", priority=UNIT, rule="measure")


def _are_tonnes(text: str, match: re.Match[str]) -> bool:
    """5T/ha, a lorry of 5T, 2T of rice."""
    if _BEHIND_TONNES.match(text, match.end()) or before(words_before(text, match.start()), "tonnes_before"):
        return True
    return after(words_after(text, match.end()), "tonnes_after")


def _amounts(text: str) -> Iterator[re.Match[str]]:
    """What may be an amount. 12V-100Ah are two things that are told of a battery, "tổ 3 - 150.000đ" a name and a gift."""
    for match in _measured().finditer(text):
        if match["last"] and (_is_name_and_gift(match) or are_apart(text, match.start("first"), match)):
            first = _measured().match(text, match.start(), match.end("funit")) if match["funit"] else None
            yield from filter(None, (first, _measured().match(text, match.start("last"))))
        else:
            yield match


def _is_name_and_gift(match: re.Match[str]) -> bool:
    """Lớp 5A - 1.200.000đ; T.5 - 200.000đ: from so little to so much nothing ranges."""
    if match["funit"] in _CLASSES and match["unit"] != match["funit"]:
        return True
    plain = (match["first"].replace(".", ""), match["last"].replace(".", ""))
    is_far = plain[0].isdigit() and plain[1].isdigit() and int(plain[1]) >= _FAR * max(1, int(plain[0]))
    return is_far and match["dash"] != match["dash"].strip()


_CLASSES = ("A", "B", "N", "L")
_FAR = 1000


def _is_amount(match: re.Match[str], text: str) -> bool:
    if match["sign"] in ("-", "–") and match.start() and text[match.start() - 1] not in " (:":
        return False
    if match["unit"] in _NAME_LIKE and (match["last"] is None or match["funit"]) and _is_a_name(match, text):
        return False
    if match["unit"] == "TB" and not _STORAGE.search(text[max(0, match.start() - 40) : match.end() + 20]):
        return False  # 87 TB are the war's wounded
    if match["unit"] == "Đ" and _MARKED.match(text, match.end()):
        return False  # "số 9 Đ. Nguyễn Trãi"
    return not match["more"] or match["unit"] in ("tr", "k", "K")


def _is_a_name(match: re.Match[str], text: str) -> bool:
    """5A is a class or a room, not amperes; 5K a run, not money."""
    unit, first = match["unit"], match["first"]
    if unit in ("L", "V", "W") and not first.isdigit():
        return False  # 1,8L; 2.000L
    if unit == "L" and _is_volume(match, text):
        return False
    if match[0][-2].isspace() and unit != "in":
        return unit in ("k", "K")
    if unit == "A" and before(words_before(text, match.start()), "current_before"):
        return False
    if unit in ("V", "W"):
        return int(first.split(",")[0].replace(".", "")) < 3
    if unit in ("k", "K"):
        is_slogan = len(first) < 2 and (unit == "K" or _SLOGAN.search(text[: match.start()]))
        return bool(is_slogan or _RUN_OR_SCREEN.search(text[: match.start()]))
    return True


def _is_volume(match: re.Match[str], text: str) -> bool:
    """5L is a room, 20L a can of something."""
    left, right = text[max(0, match.start() - 24) : match.start()], text[match.end() :]
    return int(match["first"]) >= 10 or bool(_VOLUME.search(left) or _LIQUID.match(right))


def _amount(match: re.Match[str], text: str) -> Span:
    unit, odd = match["unit"], match["odd"] or ""
    english = bool(_ENGLISH.fullmatch(match["first"])) and not match["scale"] and _rule(unit) == "money"
    first = match["first"].replace(",", ".") if english else match["first"]
    words = number(first) + (f" chấm {digits(odd)}" if odd else "")
    if match["last"]:
        first_unit = f" {mapping('units')[match['funit']]}" if match["funit"] else ""
        words += f"{first_unit} đến {number(match['last'])}"
    words += f" {match['scale'].strip()}" if match["scale"] else ""
    said = "trang" if unit == "tr" and _BOOK.search(text[: match.start()]) else mapping("units")[unit]
    if unit == "đ" and _is_point(match, text):
        said = "điểm"
    if match["more"]:
        said += f" {cardinal(int(match['more']))} trăm nghìn"  # 2tr5
    sign = f"{SIGNS[match['sign'].strip()]} " if match["sign"] else ""
    return Span.of(
        match, f"{sign}{words} {said}", priority=UNIT, rule=_rule(unit), doubt="S-NUMBER" if odd or english else ""
    )


def _is_point(match: re.Match[str], text: str) -> bool:
    """9,5đ are points: no money has a half đồng."""
    if match["scale"] or "." in match["first"]:
        return False
    return "," in match["first"] or (int(match["first"]) <= 100 and bool(_JUDGED.search(text[: match.start()])))


_JUDGED = re.compile(r"(?:điểm|chấm|thí sinh|hạng|cụm|đội)\s(?:[^.;]{0,24}\s)?$")


def _rule(unit: str) -> str:
    if unit in "%‰":
        return "percent"
    return "measure" if len(_row(unit)) > 2 or "°" in unit else "money"


@cache
def _row(unit: str) -> tuple[str, ...]:
    return next((row for row in table("units") if row[0] == unit), ())


@cache
def _per() -> re.Pattern[str]:
    longer = "người|sinh|dân|phố|phẩm|đình|công|khẩu|hộ|vị|năm|quyển"
    return re.compile(rf"(?<=[\w%²³])\s?/\s?(\d{{1,3}}\s?)?((?:{unit_forms()})(?!\w)|[^\W\d_]+(?:\s(?:{longer}))?)")


@cache
def _pair() -> re.Pattern[str]:
    """Two measures without a number: what is measured in km/h."""
    per = "|".join(re.escape(row[0]) for row in sorted(table("units"), key=lambda row: -len(row[0])) if len(row) > 2)
    return re.compile(rf"(?<![\w/])({unit_forms()})/({per})(?![\w/])")


def _each(text: str) -> Iterator[Span]:
    for match in _pair().finditer(text):
        if len(match[1]) + len(match[2]) > 2 or match[0] in ("m/s", "g/l"):
            said = f"{mapping('units')[match[1]]} trên {mapping('units')[match[2]]}"
            yield Span.of(match, said, priority=UNIT - 1, rule="measure")
    for match in _per().finditer(text):
        what, row = match[2], _row(match[2])
        counted = _counted().search(text[max(0, match.start() - 32) : match.start()])
        if not counted and (match[1] or what.lower() in _PER or what in _AREAS):
            counted = _COUNTED_THING.search(text[max(0, match.start() - 40) : match.start()])
        if not counted or not (row or is_syllable(what.split()[0].lower())) or (match[1] and what in _NAME_LIKE):
            continue
        count = f"{number(match[1].strip())} " if match[1] else ""
        link = "trên" if count or len(row) > 2 else "mỗi"
        said = f"{link} {count}{row[1] if row else what.lower()}"
        yield Span.of(match, said, priority=UNIT, rule="measure")


@cache
def _counted() -> re.Pattern[str]:
    """What can stand before "/kg": a number with its unit, or a word for what is counted."""
    return re.compile(rf"(?:\d\s?(?:{SCALES})?\s?(?:[Ttv]|{unit_forms()})|USD\s\d[\d.,]*|{_COUNTED})$")


_AREAS = ("m2", "m²", "km2", "km²", "m3", "m³")
_COUNTED_THING = re.compile(  # "20 câu hỏi/tuần", "5g muối/ngày"
    r"\d(?:[.,]\d+)*(?:\s|(?:g|kg|ml|l|mg)\s)(?:[^\W\d_]+\s){0,2}[^\W\d_]+$"
)
_PER = (
    "ngày", "tuần", "tháng", "năm", "quý", "hộ", "người", "sào", "mẫu", "ha", "công", "vụ", "đợt", "lượt", "buổi", "giờ",
    "phút", "lần", "khẩu", "suất", "con", "cây", "vạn", "vạn dân", "nghìn dân", "gia đình", "xã", "phường", "thôn", "lớp",
    "trường", "ca", "bữa", "kỳ", "đầu người",
)  # fmt: skip
_COUNTED = (
    r"(?:đồng|nghìn|triệu|tỷ|tỉ|người|lần|viên|suất|phần|điểm|giờ|buổi|tấn|tạ|cân|con|cây|chuyến|lượt|bữa|tiết|ngày|tháng|ca"
    r"|liều|thìa|cốc|ly|hộ|trang|phòng|cái|chiếc|bộ|gói|hộp|chai|USD|VNĐ|đ|mét|lít|ki lô gam|chỗ|cháu|em|học sinh|bước|nhịp"
    r"|mẫu|sào|khẩu)"
)
