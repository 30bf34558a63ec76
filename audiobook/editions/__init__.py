"""Issue + Recording -> editions: everything that a listener or reader takes home."""
