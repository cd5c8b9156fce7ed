"""``gensvar doctor``: looks at everything and says what to do; changes nothing but what a check remembers."""
