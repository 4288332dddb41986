"""Which Tutor this stands for."""
__version__ = "22.0.3"
__version_suffix__ = ""
__app__ = "tutor"
__package_version__ = __version__
