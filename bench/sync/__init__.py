"""What sync costs, byte by byte, between a real kiosk and a real cloud."""
