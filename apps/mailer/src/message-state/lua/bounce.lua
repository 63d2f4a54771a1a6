-- Marks a message that was sent as bounced.
--
-- arg.state    the key of its state, partition.lua
-- arg.id       its id, '' if that is its identity's
-- arg.record   sealed record
--
-- Replies 1 marked; 0 the message is unknown, or was never completed
--- @include partition

local key, fields = read(arg.state)
if not fields or not fields['c:' .. arg.id] then return 0 end
fields['c:' .. arg.id] = arg.record
write(key, fields)
return 1
