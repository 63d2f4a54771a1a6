-- Append event: something of a whole tenant, at most once by its name in so many ms.
--
-- ARGV 1 now in ms, or '' for the clock of Redis   2 kind   3 name
--      4 for how long the name is kept   5 sealed detail
-- Replies 1 appended   0 it was there already
--- @include clock
--- @include partition
--- @include events

local now = clock(ARGV[1])
if not redis.call('SET', prefix .. 'o:' .. ARGV[2] .. ':' .. ARGV[3], '', 'NX', 'PX', ARGV[4]) then return 0 end
happened(now, ARGV[2], '', ARGV[5])
return 1
