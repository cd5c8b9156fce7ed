"""Local CRMs as strict as the real ones, over real HTTP: for the demo and for the tests."""
