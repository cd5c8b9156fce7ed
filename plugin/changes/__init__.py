"""What was changed because of feedback, who asked for it, and the register that people read."""
