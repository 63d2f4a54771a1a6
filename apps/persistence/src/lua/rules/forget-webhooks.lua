-- Forget webhooks: a tenant without endpoints is no longer looked at.
--
-- KEYS[1] tenants with endpoints, by when one was last made   ARGV 1 tenant   2 the score as it was read
-- Replies 1 forgotten   0 an endpoint was made since

if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
