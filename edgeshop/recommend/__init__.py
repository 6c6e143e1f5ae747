"""What goes with a basket: training the table, its file, and ranking with it. The only user of `onnxruntime`."""
