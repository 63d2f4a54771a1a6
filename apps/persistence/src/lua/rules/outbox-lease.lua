-- Outbox lease: hands what a tenant has for the mailer to one gateway for a while, or moves the cursor on
-- where nothing is for any endpoint.
--
-- KEYS[1] the outbox: cursor, lease, until
-- ARGV 1 the cursor as it was read
--      2 a name for the lease, or '' to move on
--      3 its length in ms, or the new cursor
-- Replies 1 done   0 somebody else has a lease, or the cursor has moved
--- @include clock

local now = clock('')
if redis.call('HGET', KEYS[1], 'cursor') ~= ARGV[1] then return 0 end
if now < tonumber(redis.call('HGET', KEYS[1], 'until') or 0) then return 0 end
if ARGV[2] == '' then
  redis.call('HSET', KEYS[1], 'cursor', ARGV[3])
else
  redis.call('HSET', KEYS[1], 'lease', ARGV[2], 'until', string.format('%.0f', now + ARGV[3]))
end
return 1
