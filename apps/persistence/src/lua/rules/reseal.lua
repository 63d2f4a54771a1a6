-- Reseal: replaces a field of the store's metadata, if it has not changed since it was read.
--
-- KEYS[1] the metadata (hash)   ARGV 1 the field   2 its value as it was read   3 its new value
-- Replies 1 written   0 it has changed since

if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
