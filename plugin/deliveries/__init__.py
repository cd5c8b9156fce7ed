"""The ledger of effects owed: what is owed stands in the database beside what caused it, and a worker sends it
in batches, in order per subject, each effect once. Knows nothing of what an effect means."""
