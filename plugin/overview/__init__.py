"""What an administrator looks at across all rooms: the overview, the answers."""
