-- Takes messages whose mailer has died: the lease on them ran out and nobody completed them.
--
-- ARGV[1]  now, Unix milliseconds
-- ARGV[2]  nobody else takes them for so long, milliseconds
-- ARGV[3]  how many at most
--
-- Replies  their names
local names = redis.call('ZRANGEBYSCORE', prefix .. 'under-way', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
-- Written at once, so that the next call of this run does not find them.
for _, name in ipairs(names) do redis.call('ZADD', prefix .. 'under-way', tonumber(ARGV[1]) + tonumber(ARGV[2]), name) end
return names
