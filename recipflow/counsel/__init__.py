"""What is said when the user asks for it: of a draft, of a plan, of the loop with one person."""
