-- Reserve: counts a call in a log of another partition than the identity's, before its rule runs. Only a
-- Cluster needs it. With one partition the rules count by themselves.
--
-- ARGV 1 now in ms, or '' for the clock of Redis   2 the log: 'g:', 'm:' or 'budget'   3 rates
--      4… the digest of the client IP for each key of the ring, newest first, but not for the budget
-- Replies {'reserved'}   {'limited', seconds}   {'late'}
--- @include clock
--- @include partition
--- @include identities
--- @include events
--- @include limits

local now, rates = clock(ARGV[1]), parse_rates(ARGV[3])
if too_late(now) then return { 'late' } end
local log = ARGV[4] and rekey(ARGV[2], 4, 1) or prefix .. ARGV[2]
local wait = seconds_to_wait(log, 0, rates, now)
if wait > 0 then return { 'limited', wait } end
count(log, 0, rates, now)
if ARGV[2] == 'budget' and is_half_used(log, rates[1], now) then happened_once(now, 'misses.high', rates[1].window) end
return { 'reserved' }
