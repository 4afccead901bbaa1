"""Reports and plans as text: functions that return `str`. Only `cli` writes to a stream."""
