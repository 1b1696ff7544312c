"""The ways out: one file each, none knows another; whatever leaves for an address of the web leaves by egress."""
