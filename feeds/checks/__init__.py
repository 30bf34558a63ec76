"""What the pre-flight looks at, a file for each side of a feed."""
