"""The engines that run SELECTs: one file each."""
