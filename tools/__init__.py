"""What the checkout needs besides Python packages: Node, PostgreSQL, Chromium, each from a registry package."""
