"""What plugins' commands use."""
