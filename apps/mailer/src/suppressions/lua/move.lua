-- Re-seals an entry of a tenant's list under the newest key. It keeps its position.
--
-- KEYS[1]  entries (hash from digest to sealed entry)
-- KEYS[2]  order (sorted set of digests by time)
-- ARGV[1]  digest under the older key
-- ARGV[2]  sealed entry as it was read
-- ARGV[3]  digest under the newest key
-- ARGV[4]  the entry, sealed with the newest key
--
-- Replies  1 moved; 0: it is not there any more, or another one by now
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
local time = redis.call('ZSCORE', KEYS[2], ARGV[1])
-- The address may have been added again under the newest key. Add before removing: a key that is empty for a
-- moment loses its TTL.
if redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4]) == 1 and time then redis.call('ZADD', KEYS[2], time, ARGV[3]) end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
