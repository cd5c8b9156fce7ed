"""What we hold compared with what stands in a CRM: differences are told, and mended where that harms nobody."""
