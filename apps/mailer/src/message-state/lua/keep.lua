-- Keeps a copy of a message that is under way, so that it is sent even if the mailer that claimed it dies.
--
-- arg.state       the key of its state, partition.lua
-- arg.id          its id, '' if that is its identity's
-- arg.name        its name in lists
-- arg.request     sealed request
-- arg.leaseEnds   when others may look for it, by the mailer's clock, Unix milliseconds
--
-- Replies 1 kept; 0 it is complete or dropped, or nothing is known of it
--- @include partition

local key, fields = read(arg.state)
local id = arg.id
if not fields or fields.x or fields['c:' .. id] or not fields['a:' .. id] then return 0 end
if fields['r:' .. id] then return 1 end
-- Else a full Redis would lose a mail that waits, and its number was stored just before.
write_despite_full()
fields['r:' .. id] = arg.request
write(key, fields)
add_to('under-way', arg.leaseEnds, arg.name)
return 1
