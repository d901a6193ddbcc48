"""Analytics: patterns, anomalies, trends and forecasts, each with what it rests on."""
