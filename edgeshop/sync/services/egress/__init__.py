"""What traffic costs: counted at the sockets, kept by hour on the kiosk and by day in the cloud, held under a cap."""
