"""Who is told what, when and by which way: decisions, words and the ways out."""
