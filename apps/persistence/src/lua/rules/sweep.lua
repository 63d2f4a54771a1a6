-- Sweep: one bounded step in one partition.
--
-- ARGV 1 now in ms, or '' for the clock of Redis   2 most seconds   3 most members
-- Replies {members that expired, …}   {'late'}: nothing was done
--- @include clock
--- @include partition
--- @include events
--- @include roll-up
--- @include sweep-partition

local now = clock(ARGV[1])
if too_late(now) then return { 'late' } end
-- Sweep first, because it frees memory, so that a full Redis allows the other writes.
local expired = sweep(now, tonumber(ARGV[2]), tonumber(ARGV[3]))
write_tallies()
roll_up(now, 2)
return expired
