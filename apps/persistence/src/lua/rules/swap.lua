-- Swap: replaces a value, if it has not changed since it was read.
--
-- KEYS[1] the key   ARGV 1 its value as it was read   2 its new value
-- Replies 1 written   0 it has changed since, or was deleted

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
