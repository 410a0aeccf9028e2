"""Instruments of an example province; no decree of Nusa Tenggara Timur says what is in them."""
