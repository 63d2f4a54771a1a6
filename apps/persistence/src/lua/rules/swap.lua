-- Swap: replaces a value, if it has not changed since it was read.
--
-- KEYS[1]      the key
-- arg.before   its value as it was read
-- arg.after    its new value
--
-- Replies 1 written   0 it has changed since, or was deleted

if redis.call('GET', KEYS[1]) ~= arg.before then return 0 end
redis.call('SET', KEYS[1], arg.after)
return 1
