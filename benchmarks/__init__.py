"""The rush for five numbers, measured beside two floors. How and what for: README.md in this folder."""
