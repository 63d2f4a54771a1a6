-- Reseal: a field of a hash gets a new value in place of the one that was read, if it still has that.
--
-- KEYS[1] the hash   ARGV 1 field   2 its value as it was read   3 its new value
-- Replies 1 written   0 it has changed since, or is gone

if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
