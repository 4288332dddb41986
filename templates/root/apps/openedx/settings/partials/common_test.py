# The tests' MongoDB has no users.
DOC_STORE_CONFIG.update(user=None, password=None)
