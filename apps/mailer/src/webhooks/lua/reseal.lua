-- Reseal: a field of a hash gets a new value in place of the one that was read, if it still has that.
--
-- KEYS[1]      the hash
-- arg.field    the field
-- arg.before   its value as it was read
-- arg.after    its new value
--
-- Replies 1 written   0 it has changed since, or is gone

if redis.call('HGET', KEYS[1], arg.field) ~= arg.before then return 0 end
redis.call('HSET', KEYS[1], arg.field, arg.after)
return 1
