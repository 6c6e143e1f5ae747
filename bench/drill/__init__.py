"""The drill: the main job as proof. Sell through a double outage and a power cut, then count every order."""
