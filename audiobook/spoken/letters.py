"""Letters and syllables: how letters are called, and what is a Vietnamese syllable."""

import re
import unicodedata

CAPITALS = "A-ZĐÁÀẢÃẠẮẰẲẴẶĂẤẦẨẪẬÂÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ"
"""Every capital of Vietnamese, as a class of a regular expression has them."""

_NAMES = {
    "a": "a", "ă": "á", "â": "ớ", "b": "bê", "c": "xê", "d": "dê", "đ": "đê", "e": "e", "ê": "ê", "f": "ép",
    "g": "giê", "h": "hát", "i": "i", "j": "gi", "k": "ca", "l": "lờ", "m": "mờ", "n": "nờ",
    "o": "o", "ô": "ô", "ơ": "ơ", "p": "pê",
    "q": "quy", "r": "rờ", "s": "sờ", "t": "tê", "u": "u", "ư": "ư", "v": "vê", "w": "vê kép", "x": "ích", "y": "i dài",
    "z": "dét",
}  # fmt: skip
_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", *"bcdđghklmnprstvx")
_RHYMES = frozenset(
    re.findall(
        r"\S+",
        """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch
        êm ên ênh êng êp êt êu i ia ich iê iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang
        oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôông ôp
        ôt ơ ơc ơi ơm ơn ơng ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy
        uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng
        yêt yêu""",
    )
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_MOVED = {
    "oá": "óa", "oà": "òa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oé": "óe", "oè": "òe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uý": "úy", "uỳ": "ùy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def spelled(text: str) -> str:
    """Letters by their names, digits by theirs.

    >>> spelled("CXBIPH")
    'xê ích bê i pê hát'
    """
    from audiobook.spoken.numbers import digits

    named = (digits(each) if each.isdigit() else _NAMES.get(each, "") for each in _plain(text.lower()))
    return " ".join(filter(None, named))


def is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable.

    >>> is_syllable("Nghiêng"), is_syllable("OTP"), is_syllable("quý")
    (True, False, True)
    """
    bare = _TONES.sub("", unicodedata.normalize("NFD", word.lower()))
    bare = unicodedata.normalize("NFC", bare)
    if bare in _RHYMES:
        return True
    for onset in _ONSETS:
        if bare.startswith(onset):
            rest = bare[len(onset) :]
            if rest in _RHYMES or (onset == "gi" and (not rest or f"i{rest}" in _RHYMES)):
                return True
    return False


def old_spelling(word: str) -> str:
    """The tone mark where older readers and engines expect it: hoá -> hóa, thuỷ -> thủy.

    >>> old_spelling("thuỷ"), old_spelling("quý"), old_spelling("hoàn")
    ('thủy', 'quý', 'hoàn')
    """
    end = word[-2:]
    if end in _MOVED and not word.startswith("qu"):
        return word[:-2] + _MOVED[end]
    return word


def _plain(text: str) -> str:
    """Without tone marks: a letter's name has none of the word's tone."""
    return unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", text)))
