"""Mail: how it leaves, what comes back, and how a customer stops all questions."""
