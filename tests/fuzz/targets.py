"""All targets by name."""

from tests.fuzz import course, files, labels, learner

__all__ = ["TARGETS"]

TARGETS = {
    target.name: target
    for target in (*files.TARGETS, *course.TARGETS, *labels.TARGETS, *learner.TARGETS)
}
