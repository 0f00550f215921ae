"""The daemon: wakes when something is due, reads what is new, and delivers what there is to say."""
