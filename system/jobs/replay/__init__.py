"""The parts of a policy replay: what was decided beside what other rules decide on the same facts."""
