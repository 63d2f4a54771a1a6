-- Append event: something of a whole tenant, at most once by its name in so many ms.
--
-- arg.now      ms, or '' for the clock of Redis
-- arg.kind     kind of the event
-- arg.name     names it among those of its kind
-- arg.onceMs   for how long the name is kept
-- arg.detail   sealed detail
--
-- Replies 1 appended   0 it was there already
--- @include clock
--- @include partition
--- @include events

local now = clock(arg.now)
if not redis.call('SET', prefix .. 'o:' .. arg.kind .. ':' .. arg.name, '', 'NX', 'PX', arg.onceMs) then return 0 end
happened(now, arg.kind, '', arg.detail)
return 1
