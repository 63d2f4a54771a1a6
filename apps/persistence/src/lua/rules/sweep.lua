-- Sweep: one bounded step over one prefix.
--
-- ARGV 1 now in ms, or '' for Redis's clock   2 most seconds   3 most members
-- Replies {members that expired, …}   {'late'}: nothing was done

local now = clock(ARGV[1])
if too_late(now) then return { 'late' } end
-- Sweeping first: it frees memory, so a full Redis lets it go on.
local expired = sweep(now, tonumber(ARGV[2]), tonumber(ARGV[3]))
write_tallies()
roll_up(now, 2)
return expired
