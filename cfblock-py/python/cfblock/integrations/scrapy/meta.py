"""The members of ``request.meta``. The first four are for users."""

VERDICT = "cfblock"
SKIP = "cfblock_skip"
ACT = "cfblock_act"
DROP = "cfblock_drop"

NOT_BEFORE = "cfblock_not_before"
COURSE = "cfblock_course"
TRIAGE = "cfblock_triage"
KEPT_FROM_RETRY = "cfblock_kept_from_retry"
