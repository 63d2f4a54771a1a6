-- Prolongs the lease on a message while its attempt lasts.
--
-- arg.state       the key of its state, partition.lua
-- arg.id          its id, '' if that is its identity's
-- arg.name        its name in lists
-- arg.owner       the mailer that claimed
-- arg.leaseMs     lease, from now
-- arg.leaseEnds   when that is by the mailer's clock, Unix milliseconds. Mailers look by it for what a
--                 dead one left. Whether a lease has ended is for Redis's clock alone to say, so that of
--                 mailers whose clocks differ never two send.
--
-- Replies 1 prolonged; 0 the claim is not this mailer's (any more)
--- @include clock
--- @include partition

local key, fields = read(arg.state)
local id = arg.id
local lease = fields and fields['l:' .. id]
if not lease or owner_of(lease) ~= arg.owner then return 0 end
-- Else an attempt that lasts would be cut off, and its mail lost.
write_despite_full()
fields['l:' .. id] = lease_of(clock(), arg.leaseMs, arg.owner)
write(key, fields)
note_lease(arg.leaseEnds, arg.owner)
if fields['r:' .. id] then add_to('under-way', arg.leaseEnds, arg.name) end
return 1
