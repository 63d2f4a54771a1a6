-- Outbox lease: hands what a tenant has for the mailer to one gateway for a while, or moves the cursor on
-- where nothing is for any endpoint.
--
-- KEYS[1]       the outbox: cursor, lease, until
-- arg.cursor    the cursor as it was read
-- arg.lease     a name for the lease, or '' to move on
-- arg.leaseMs   its length, or ''
-- arg.next      the new cursor, or ''
--
-- Replies 1 done   0 somebody else has a lease, or the cursor has moved
--- @include clock

local now = clock()
if redis.call('HGET', KEYS[1], 'cursor') ~= arg.cursor then return 0 end
if now < tonumber(redis.call('HGET', KEYS[1], 'until') or 0) then return 0 end
if arg.lease == '' then
  redis.call('HSET', KEYS[1], 'cursor', arg.next)
else
  redis.call('HSET', KEYS[1], 'lease', arg.lease, 'until', string.format('%.0f', now + arg.leaseMs))
end
return 1
