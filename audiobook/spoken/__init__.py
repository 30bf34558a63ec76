"""Issue -> Narration: what is printed becomes what is said."""
