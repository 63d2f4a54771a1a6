-- Known: the endpoints of a tenant for which something may wait; from now on these are among them.
--
-- KEYS[1] set of ids   ARGV 1 how long it is kept in ms   2… ids
-- Replies all ids

for i = 2, #ARGV do redis.call('SADD', KEYS[1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('SMEMBERS', KEYS[1])
