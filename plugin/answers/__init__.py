"""The form, the ledger of answers, the evidence that a human gave them."""
