"""What a prosecutor asks for."""
