-- Outbox acknowledge: the mailer has what was leased.
--
-- KEYS[1] the outbox: cursor, lease, until   [2] versions that the mailer does not have yet, by id
-- arg.lease      names the lease
-- arg.cursor     up to which the mailer has all events
-- For each endpoint that was handed over:
-- each.id        of the endpoint
-- each.version   that the mailer has now
--
-- Replies 1 done   0 the lease is over and somebody else has another one

if redis.call('HGET', KEYS[1], 'lease') ~= arg.lease then return 0 end
redis.call('HSET', KEYS[1], 'cursor', arg.cursor)
redis.call('HDEL', KEYS[1], 'lease', 'until')
for i = each.id, #ARGV, each.width do
  local id, version = ARGV[i], ARGV[i + each.version - each.id]
  -- A change that came in between is still to be handed over.
  if redis.call('HGET', KEYS[2], id) == version then redis.call('HDEL', KEYS[2], id) end
end
return 1
