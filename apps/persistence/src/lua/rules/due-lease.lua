-- Due, lease: hands out partitions that are due, the longest due first. Nobody else gets them for a while.
--
-- KEYS[1]  due partitions (due-announce.lua)
-- arg.now       ms, or '' for the clock of Redis
-- arg.leaseMs   how long the lease lasts
-- arg.most      most partitions
--
-- Replies {the lease, ms until the next partition is due or '', partition, …}. Leased ones are due at the end
-- of their lease
--- @include clock

local now = clock(arg.now)
local lease = string.format('%.1f', now + tonumber(arg.leaseMs) + 0.5)
local reply = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, arg.most)
for i = 1, #reply do redis.call('ZADD', KEYS[1], lease, reply[i]) end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
table.insert(reply, 1, lease)
table.insert(reply, 2, first and string.format('%.0f', math.max(0, tonumber(first) - now)) or '')
return reply
