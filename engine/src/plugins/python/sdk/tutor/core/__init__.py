"""What the plugin API is built on."""
