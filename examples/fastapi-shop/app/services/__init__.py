"""What the shop does. Services know sessions and repositories, and nothing of HTTP."""
