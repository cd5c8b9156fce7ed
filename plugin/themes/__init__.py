"""What customers wrote about: themes found by words and phrases, corrected by people, learned from corrections."""
