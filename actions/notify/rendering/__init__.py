"""Messages as each destination reads them."""
