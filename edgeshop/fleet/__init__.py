"""Who is allowed to speak: shops, kiosks, staff, enrolment and the signed HTTP between kiosk and cloud."""
