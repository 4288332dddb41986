"""The plugin API: what plugins import as `tutor`. Settings, templates and the like are asked of the engine."""
