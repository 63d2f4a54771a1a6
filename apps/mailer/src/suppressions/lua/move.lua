-- Re-seals an entry of a tenant's list under the newest key. It keeps its position.
--
-- KEYS[1]        entries (hash from digest to sealed entry)
-- KEYS[2]        order (sorted set of digests by time)
-- arg.field      digest under the older key
-- arg.before     sealed entry as it was read
-- arg.newField   digest under the newest key
-- arg.after      the entry, sealed with the newest key
--
-- Replies 1 moved; 0: it is not there any more, or another one by now

if redis.call('HGET', KEYS[1], arg.field) ~= arg.before then return 0 end
local time = redis.call('ZSCORE', KEYS[2], arg.field)
-- The address may have been added again under the newest key. Add before removing: a key that is empty for a
-- moment loses its TTL.
if redis.call('HSETNX', KEYS[1], arg.newField, arg.after) == 1 and time then redis.call('ZADD', KEYS[2], time, arg.newField) end
redis.call('HDEL', KEYS[1], arg.field)
redis.call('ZREM', KEYS[2], arg.field)
return 1
