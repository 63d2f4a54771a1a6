-- Hands out outcomes that are not reported yet, the oldest first.
--
-- KEYS[1]       outcomes to report (sorted set by the time from which they may be leased): outcome-list.ts
-- arg.leaseMs   how long nobody else is given them
-- arg.most      how many at most
--
-- Replies their names
--- @include clock

local now = clock()
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, arg.most)
for _, name in ipairs(names) do redis.call('ZADD', KEYS[1], now + tonumber(arg.leaseMs), name) end
return names
