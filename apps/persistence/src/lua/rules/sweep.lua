-- Sweep: one bounded step in one partition.
--
-- arg.now             ms, or '' for the clock of Redis
-- arg.mostSeconds     how many lists are looked at, one for each second
-- arg.mostMembers     how many members are looked at
-- arg.rollUpDelayMs   how long after its end an hour is rolled up
--
-- Replies {when the next step is due in ms, or '' when nothing is left, members that expired, …}
--         {'late'}: nothing was done
--- @include clock
--- @include partition
--- @include events
--- @include roll-up
--- @include sweep-partition
--- @include next-visit

local now = clock(arg.now)
if too_late(now) then return { 'late' } end
-- Sweep first, because it frees memory, so that a full Redis allows the other writes.
local expired = sweep(now, tonumber(arg.mostSeconds), tonumber(arg.mostMembers))
write_tallies()
roll_up(now, 2)
local at = next_visit(now, tonumber(arg.rollUpDelayMs))
-- What the partition and the list of due partitions agree on (due.lua).
if at then
  redis.call('SET', prefix .. 'due', text_of(at), 'PX', text_of(math.max(at - now, 0) + HOUR))
else
  redis.call('DEL', prefix .. 'due')
end
table.insert(expired, 1, at and text_of(at) or '')
return expired
