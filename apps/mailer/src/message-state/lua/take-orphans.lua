-- Takes messages whose mailer has died: the lease on them ran out and nobody completed them.
--
-- arg.now       Unix milliseconds by the mailer's clock. If it is ahead, some of their mailers live; then
--               claim.lua, by Redis's clock, gives no claim
-- arg.leaseMs   nobody else takes them for so long
-- arg.most      how many at most
--
-- Replies their names
--- @include partition

local names = redis.call('ZRANGEBYSCORE', prefix .. 'under-way', '-inf', arg.now, 'LIMIT', 0, arg.most)
-- Written at once, so that the next call of this run does not find them.
for _, name in ipairs(names) do redis.call('ZADD', prefix .. 'under-way', tonumber(arg.now) + tonumber(arg.leaseMs), name) end
return names
