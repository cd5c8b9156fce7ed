"""Gensvar's trunk: the Flask app, and the only package with routes and a database."""
