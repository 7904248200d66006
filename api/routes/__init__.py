"""The routes of /api/v1: each file a noun; a handler calls one verb of the office."""
