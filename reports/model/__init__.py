"""How right the decisions were."""
