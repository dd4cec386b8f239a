"""What is drawn, as PNG: readable on a light and on a dark ground, with a text that says the same.

A picture brings its own ground with a margin. What a mark means shows in its shape and in words, never in its colour alone; every
colour stands off the ground by a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3).
"""
