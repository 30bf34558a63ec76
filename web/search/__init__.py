"""Every sentence of every issue, found with or without diacritics: by SQLite on the server, by shards in the export."""
