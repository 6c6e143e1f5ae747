"""What the demo, the tests and the drill stand on: links and power that fail, and whole stacks of real processes.

Outside the floors: it may use every app's services, and no app imports it except the demo in `shop`.
"""
