"""Telling people what their feedback led to: whom, in which words, when, and once."""
