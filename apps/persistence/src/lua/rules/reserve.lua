-- Reserve: counts against a limit whose log lies in another partition than the identity, before the rule itself runs.
-- Only a Cluster needs it; on a single Redis the rules count by themselves.
--
-- ARGV 1 now in ms, or '' for Redis's clock   2 the log: 'g:', 'm:' or 'budget'   3 rates
--      4… the client IP's digest for each key of the ring, newest first; none for the budget
-- Replies {'reserved'}   {'limited', seconds}   {'late'}

local now, rates = clock(ARGV[1]), parse_rates(ARGV[3])
if too_late(now) then return { 'late' } end
local log = ARGV[4] and rekey(ARGV[2], 4, 1) or prefix .. ARGV[2]
local wait = seconds_to_wait(log, 0, rates, now)
if wait > 0 then return { 'limited', wait } end
count(log, 0, rates, now)
if ARGV[2] == 'budget' and is_half_used(log, rates[1], now) then happened_once(now, 'misses.high', rates[1].window) end
return { 'reserved' }
