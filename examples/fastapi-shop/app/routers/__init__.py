"""The HTTP face of the shop, one module per resource."""
