-- Due, announce: a partition has work at a time. Its entry stays when it is due before that.
--
-- KEYS[1]  due partitions (sorted set by the time in ms). A time that ends in .5 is a lease: a service works
--          on the partition until then (due-lease.lua)
-- arg.partition   its name
-- arg.dueMs       when it is due
--
-- Replies 1, or 0 when nothing changed

local at, listed = tonumber(arg.dueMs), tonumber(redis.call('ZSCORE', KEYS[1], arg.partition))
if listed and listed % 1 == 0 and listed <= at then return 0 end
-- An entry that changes ends its lease, so that the service which has it does not remove it
-- (due-complete.lua).
if listed then at = math.min(at, math.floor(listed)) end
redis.call('ZADD', KEYS[1], string.format('%.0f', at), arg.partition)
-- Longer than a live partition goes without a visit.
redis.call('PEXPIRE', KEYS[1], 172800000)
return 1
