"""Pages for people: what fails, what came of it, what to label and what a change of rules would do."""
