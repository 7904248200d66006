"""The catalogue's schema, step by step; run by `indexes.database.migrate`."""
