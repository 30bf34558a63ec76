"""Issue + Recording -> EPUB 3.3 with the voice in it (media overlays)."""
