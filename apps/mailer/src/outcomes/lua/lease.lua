-- Hands out outcomes that are not reported yet, the oldest first.
--
-- KEYS[1]  outcomes to report (sorted set by the time from which they may be leased), see outcome-list.ts
-- ARGV[1]  how long nobody else is given them, milliseconds
-- ARGV[2]  how many at most
--
-- Replies  their names
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, name in ipairs(names) do redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), name) end
return names
