-- Sweep: one bounded step in one partition.
--
-- arg.now           ms, or '' for the clock of Redis
-- arg.mostSeconds   how many lists are looked at, one for each second
-- arg.mostMembers   how many members are looked at
--
-- Replies {members that expired, …}   {'late'}: nothing was done
--- @include clock
--- @include partition
--- @include events
--- @include roll-up
--- @include sweep-partition

local now = clock(arg.now)
if too_late(now) then return { 'late' } end
-- Sweep first, because it frees memory, so that a full Redis allows the other writes.
local expired = sweep(now, tonumber(arg.mostSeconds), tonumber(arg.mostMembers))
write_tallies()
roll_up(now, 2)
return expired
