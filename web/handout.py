"""Publication -> one folder to hand on: the message for Zalo, the QR code, the poster, the snippet for a portal."""

import shutil
from collections.abc import Collection
from html import escape
from pathlib import Path, PurePosixPath

from audiobook.addresses import Addresses, embed_path, issue_path, media_path
from audiobook.disk import store
from audiobook.errors import writing
from audiobook.library import Shelf
from audiobook.model.publication import Publication
from feeds.wording import issue_title
from web.links import page_file

FILES = {  # edition -> what it is called here
    "qr-png": "ma-qr.png",
    "qr-svg": "ma-qr.svg",
    "poster-a4": "ap-phich-a4.pdf",
    "poster-a5": "to-roi-a5.pdf",
    "cover-wide": "anh-chia-se.jpg",
    "loudspeaker-pack": "goi-loa.zip",
}
_FOR_WHAT = {
    "tin-nhan-zalo.txt": "chép vào Zalo, gửi cho các tổ dân phố, hội người cao tuổi",
    "doan-nhung.html": "gửi cho người trông coi cổng thông tin, để dán vào trang của họ",
    "ma-qr.png": "chèn vào Word, in ra",
    "ma-qr.svg": "cho nhà in",
    "ap-phich-a4.pdf": "in, treo ở nhà văn hóa",
    "to-roi-a5.pdf": "in, phát từng nhà",
    "anh-chia-se.jpg": "ảnh kèm khi chia sẻ",
    "goi-loa.zip": "chép vào USB cho người phát loa",
}


def hand_on(shelf: Shelf, publication: Publication, folder: Path, *, site: Collection[str]) -> Path:
    """Fill the folder anew; ``site``: the keys that are public, which tell whether there is a player to embed.

    Raises:
        DiskFull, NotWritable: from the disk.
    """
    made = {"tin-nhan-zalo.txt": _message(shelf, publication), "doan-nhung.html": _snippet(shelf, publication, site)}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for kind, name in FILES.items():
            edition = publication.edition(kind)
            if edition:
                target = PurePosixPath(name).with_suffix(PurePosixPath(edition.file).suffix).name
                shutil.copyfile(shelf.file(publication, edition), folder / target)
                made.setdefault(target, "")
    lines = [f"{name}: {_FOR_WHAT[name]}" for name in _FOR_WHAT if name in made]
    made["DOC-TRUOC.txt"] = "Những tệp để gửi đi khi số mới đã lên mạng:\n\n" + "\n".join(lines) + "\n"
    for name, text in made.items():
        if text:
            store(folder / name, text.replace("\n", "\r\n").encode())  # Notepad of older Windows
    return folder


def _message(shelf: Shelf, publication: Publication) -> str:
    bulletin, issue = shelf.bulletin(), publication.issue
    address = Addresses(bulletin.site.base_url).of(issue_path(issue.id))
    minutes = max(1, round(publication.timeline.duration_ms / 60_000))
    contents = "\n".join(f"• {chapter.title}" for chapter in issue.articles)
    ask = f"\nCần giúp, xin gọi {bulletin.publisher.phone}." if bulletin.publisher.phone else ""
    return (
        f"{bulletin.podcast.title} số {issue.number}, ngày {issue.date:%d/%m/%Y}, đã có bản nghe ({minutes} phút).\n"
        f"Bấm vào đây để nghe, không cần cài gì:\n{address}\n\nTrong số này:\n{contents}\n{ask}\n"
    )


def _snippet(shelf: Shelf, publication: Publication, site: Collection[str]) -> str:
    """Code for other sites; a frame only where the site has a page that may be framed."""
    bulletin, issue = shelf.bulletin(), publication.issue
    addresses = Addresses(bulletin.site.base_url)
    title = escape(f"{bulletin.podcast.title} số {issue.number}: {issue_title(issue, bulletin.podcast.title)}")
    page = escape(addresses.of(issue_path(issue.id)))
    embedded = page_file(embed_path(issue.id))
    if embedded in site:
        frame = escape(addresses.of(embedded))
        return f'<iframe src="{frame}" title="{title}" width="480" height="760" loading="lazy"></iframe>\n' + (
            f'<p><a href="{page}">{title}</a></p>\n'
        )
    sound = publication.edition("mp3")
    player = (
        f'<audio controls preload="none" src="{escape(addresses.of(media_path(sound)))}"></audio>\n' if sound else ""
    )
    return f'<p><a href="{page}">{title}</a></p>\n{player}'
