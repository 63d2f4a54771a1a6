-- Known: the endpoints of a tenant for which something may wait; from now on these are among them.
--
-- KEYS[1]      set of ids
-- arg.keptMs   how long it is kept
-- For each endpoint:
-- each.id      its id
--
-- Replies all ids

for i = each.id, #ARGV do redis.call('SADD', KEYS[1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
return redis.call('SMEMBERS', KEYS[1])
