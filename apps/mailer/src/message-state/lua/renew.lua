-- Prolongs the lease on a message while its attempt lasts.
--
-- arg.name        name of the message
-- arg.owner       the mailer that claimed
-- arg.leaseMs     lease, from now
-- arg.leaseEnds   when that is by the mailer's clock, Unix milliseconds
--
-- Replies 1 prolonged; 0 the claim is not this mailer's (any more)
--- @include clock
--- @include partition

local key, fields, id = messages_of(arg.name)
local lease = fields and fields['l:' .. id]
if not lease or owner_of(lease) ~= arg.owner then return 0 end
fields['l:' .. id] = string.format('%.0f', clock() + tonumber(arg.leaseMs)) .. ' ' .. arg.owner
write(key, fields)
add_to('under-way', arg.leaseEnds, arg.name)
return 1
