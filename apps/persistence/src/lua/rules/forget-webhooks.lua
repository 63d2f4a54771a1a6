-- Forget webhooks: a tenant without endpoints is no longer looked at.
--
-- KEYS[1]      tenants with endpoints, by when one was last made
-- arg.tenant   its id
-- arg.score    its score as it was read
--
-- Replies 1 forgotten   0 an endpoint was made since

if redis.call('ZSCORE', KEYS[1], arg.tenant) ~= arg.score then return 0 end
return redis.call('ZREM', KEYS[1], arg.tenant)
