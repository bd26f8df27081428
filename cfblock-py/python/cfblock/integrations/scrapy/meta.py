"""The members of ``request.meta``. The first four are for users."""

VERDICT = "cfblock"
SKIP = "cfblock_skip"
ACT = "cfblock_act"
DROP = "cfblock_drop"

NOT_BEFORE = "cfblock_not_before"
QUEUED = "cfblock_queued"
TRIAGE = "cfblock_triage"
TRIED = "cfblock_tried"
KEPT_FROM_RETRY = "cfblock_kept_from_retry"
