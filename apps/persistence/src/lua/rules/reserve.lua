-- Reserve: counts a call in a log of another partition than the identity's, before its rule runs. Only a
-- Cluster needs it. With one partition the rules count by themselves.
--
-- arg.now       ms, or '' for the clock of Redis
-- arg.log       'g:', 'm:' or 'budget'
-- arg.rates     its rates
-- For each key of the ring, newest first, but not for the budget:
-- each.client   digest of the client's network
--
-- Replies {'reserved'}   {'limited', seconds}   {'late'}
--- @include clock
--- @include partition
--- @include identities
--- @include events
--- @include limits

local now, rates = clock(arg.now), rates_of[arg.rates]
if too_late(now) then return { 'late' } end
local log = ARGV[each.client] and rekey(arg.log, each.client, each.width) or prefix .. arg.log
local wait = seconds_to_wait(log, rates, now)
if wait > 0 then return { 'limited', wait } end
count(log, rates, now)
if arg.log == 'budget' and is_half_used(log, rates[1], now) then happened_once(now, 'misses.high', rates[1].window) end
return { 'reserved' }
