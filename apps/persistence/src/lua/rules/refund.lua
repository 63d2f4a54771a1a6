-- Refund: removes the newest moment of a log, because the reserved call did not use it.
--
-- ARGV 1 the log: 'g:', 'm:' or 'budget'   2 the digest of the client IP, but not for the budget
-- Replies {'refunded'}
--- @include partition

local log = prefix .. ARGV[1] .. (ARGV[2] or '')
local value = redis.call('GET', log)
if value and #value > 8 then redis.call('SET', log, string.sub(value, 1, -9), 'KEEPTTL') elseif value then redis.call('DEL', log) end
return { 'refunded' }
