"""The demo: a cloud, a kiosk, their links and a panel to break them with, started by one command on one machine."""
