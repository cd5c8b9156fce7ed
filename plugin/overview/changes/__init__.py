"""The register of changes as a page people like to read, one change with who asked for it, and whether it helped."""
