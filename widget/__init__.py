"""Everything that runs on a customer's page: tokens, wording, the question, the script that asks it.

The package is a leaf: it knows neither the database nor the CRMs, and imports nothing of ours.
"""
