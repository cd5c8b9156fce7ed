"""Administrators: who may come in, and what they did."""
