"""recipflow keeps relationships in balance: give first, ask at the right moment, give back what you owe."""
