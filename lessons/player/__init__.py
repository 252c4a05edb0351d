"""Playing a lesson: running its steps, showing them, keeping the learner's place."""
