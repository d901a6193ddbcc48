"""From the text of a failure to signals, and from signals to a prediction."""
