"""Passages are kept and found again; law by name, article and date."""
