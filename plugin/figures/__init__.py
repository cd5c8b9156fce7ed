"""What the answers amount to: NPS that never stands without its count, its interval and its response rate."""
