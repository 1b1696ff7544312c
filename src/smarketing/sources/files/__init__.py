"""Files as people have them: every cell as text, with the row a spreadsheet would show for it."""
