-- Categories of types, as ever decided.
FROM main.decided_categories
