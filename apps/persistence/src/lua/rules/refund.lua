-- Refund: removes the newest moment of a log, because the reserved call did not use it.
--
-- arg.log      'g:', 'm:' or 'budget'
-- arg.client   digest of the client's network, or '' for the budget
--
-- Replies {'refunded'}
--- @include partition

local log = prefix .. arg.log .. arg.client
local value = redis.call('GET', log)
if value and #value > 8 then redis.call('SET', log, string.sub(value, 1, -9), 'KEEPTTL') elseif value then redis.call('DEL', log) end
return { 'refunded' }
