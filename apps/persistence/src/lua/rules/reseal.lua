-- Reseal: replaces a field of the store's metadata, if it has not changed since it was read.
--
-- KEYS[1]      the metadata (hash)
-- arg.field    the field
-- arg.before   its value as it was read
-- arg.after    its new value
--
-- Replies 1 written   0 it has changed since

if redis.call('HGET', KEYS[1], arg.field) ~= arg.before then return 0 end
redis.call('HSET', KEYS[1], arg.field, arg.after)
return 1
