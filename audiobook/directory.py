"""What podcast directories take: Apple's categories, and how often a show may come out.

Source: Apple Podcasts categories (podcasters.apple.com/support/1691-apple-podcasts-categories), as of 2025.
"""

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "History": (),
    "Health & Fitness": ("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga",
        "Automotive",
        "Aviation",
        "Crafts",
        "Games",
        "Hobbies",
        "Home & Garden",
        "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News",
        "Daily News",
        "Entertainment News",
        "News Commentary",
        "Politics",
        "Sports News",
        "Tech News",
    ),
    "Religion & Spirituality": ("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"),
    "Science": (
        "Astronomy",
        "Chemistry",
        "Earth Sciences",
        "Life Sciences",
        "Mathematics",
        "Natural Sciences",
        "Nature",
        "Physics",
        "Social Sciences",
    ),
    "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
    "Sports": (
        "Baseball",
        "Basketball",
        "Cricket",
        "Fantasy Sports",
        "Football",
        "Golf",
        "Hockey",
        "Rugby",
        "Running",
        "Soccer",
        "Swimming",
        "Tennis",
        "Volleyball",
        "Wilderness",
        "Wrestling",
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
}

FREQUENCIES: dict[str, str] = {  # as an editor says it -> a recurrence rule (RFC 5545, 3.3.10)
    "hằng ngày": "FREQ=DAILY",
    "hằng tuần": "FREQ=WEEKLY",
    "hai tuần một kỳ": "FREQ=WEEKLY;INTERVAL=2",
    "hằng tháng": "FREQ=MONTHLY",
    "hai tháng một kỳ": "FREQ=MONTHLY;INTERVAL=2",
    "hằng quý": "FREQ=MONTHLY;INTERVAL=3",
}


def category_names() -> tuple[str, ...]:
    """Every category as audiobook.toml writes it: "News", "News > Politics"."""
    return tuple(name for main, subs in CATEGORIES.items() for name in (main, *(f"{main} > {sub}" for sub in subs)))
