-- Due, complete: ends the lease of a partition. An entry that was announced meanwhile stays as it is.
--
-- KEYS[1]  due partitions (due-announce.lua)
-- arg.partition   its name
-- arg.lease       its lease
-- arg.next        when it is due next in ms, or ''
--
-- Replies 1, or 0 when the lease is over

if tonumber(redis.call('ZSCORE', KEYS[1], arg.partition)) ~= tonumber(arg.lease) then return 0 end
if arg.next == '' then
  redis.call('ZREM', KEYS[1], arg.partition)
else
  redis.call('ZADD', KEYS[1], arg.next, arg.partition)
  redis.call('PEXPIRE', KEYS[1], 172800000)
end
return 1
