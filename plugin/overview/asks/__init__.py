"""Who has answered, who has not, and who was not asked: pages, and the same lists for a spreadsheet."""
