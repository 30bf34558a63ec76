"""The commands of an editor: words in, words out; the work is done by production and library."""
