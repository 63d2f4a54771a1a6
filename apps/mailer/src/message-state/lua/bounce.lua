-- Marks a message that was sent as bounced.
--
-- arg.name     name of the message
-- arg.record   sealed record
--
-- Replies 1 marked; 0 the message is unknown, or was never completed
--- @include partition

local key, fields, id = messages_of(arg.name)
if not fields or not fields['c:' .. id] then return 0 end
fields['c:' .. id] = arg.record
write(key, fields)
return 1
