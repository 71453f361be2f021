"""The commands, a module per subject: thin functions, with heavy imports inside."""
