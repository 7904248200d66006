"""The edges: command line, HTTP, workbench; accounts and audit."""
