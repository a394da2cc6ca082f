"""What people and programs touch: the command line and its output. No law, no arithmetic."""
