-- Puts an address on a tenant's list; the oldest entries of a list that is too long go.
--
-- KEYS[1]  entries (hash from digest to sealed entry)
-- KEYS[2]  order (sorted set of digests by time)
-- ARGV[1]  digest of the address
-- ARGV[2]  sealed entry
-- ARGV[3]  now, Unix milliseconds
-- ARGV[4]  how long the list is kept after its last change, milliseconds
-- ARGV[5]  how many entries it keeps
--
-- Replies  how many old entries went
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
local beyond = redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(ARGV[5]))
for _, digest in ipairs(beyond) do
  redis.call('HDEL', KEYS[1], digest)
  redis.call('ZREM', KEYS[2], digest)
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return #beyond
