-- Takes messages whose mailer has died: the lease on them ran out and nobody settled them.
--
-- KEYS[1]  messages under way (sorted set by the end of their lease), see message-space.ts
-- ARGV[1]  now, Unix milliseconds
-- ARGV[2]  nobody else takes them for so long, milliseconds
-- ARGV[3]  how many at most
--
-- Replies  their names
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, name in ipairs(names) do redis.call('ZADD', KEYS[1], tonumber(ARGV[1]) + tonumber(ARGV[2]), name) end
return names
