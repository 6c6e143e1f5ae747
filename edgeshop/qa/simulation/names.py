"""What can be asked for before Django is up."""

PLANTED = ("ack_before_commit", "mark_by_wall_clock", "epoch_not_raised", "standing_by_number")
