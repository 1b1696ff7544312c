"""Settings and the doors that servers use: what an installation says about itself."""
