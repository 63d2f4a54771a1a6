-- Outbox acknowledge: the mailer has what was leased.
--
-- KEYS[1] the outbox: cursor, lease, until   [2] versions that the mailer does not have yet, by id
-- ARGV 1 the lease   2 the cursor up to which the mailer has all events
--      3… two by two: id and version of an endpoint
-- Replies 1 done   0 the lease is over and somebody else has another one

if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'cursor', ARGV[2])
redis.call('HDEL', KEYS[1], 'lease', 'until')
for i = 3, #ARGV, 2 do
  -- A change that came in between is still to be handed over.
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[2], ARGV[i]) end
end
return 1
