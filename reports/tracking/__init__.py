"""How well operations work: their rates, how long they are down, and how that goes over time."""
