"""What is drawn, as PNG: readable on a light and on a dark ground, with a text that says the same."""
