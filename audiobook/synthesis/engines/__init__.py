"""The engines: one adapter a voice technology, all behind the Engine protocol."""
