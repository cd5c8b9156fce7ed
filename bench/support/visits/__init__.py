"""Machines and people that follow a survey's link, each kind as it behaves in the wild."""
