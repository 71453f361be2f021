"""The archive for assistants: a server of the Model Context Protocol."""
