"""What the figures share: databases, processes, load, printing."""
