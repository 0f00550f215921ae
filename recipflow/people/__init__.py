"""Who people are: whose address is whose, what they are called, which two may be one."""
