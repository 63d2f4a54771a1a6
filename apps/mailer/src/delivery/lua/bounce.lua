-- Marks a message that was sent as bounced.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  message id
-- ARGV[2]  sealed record
--
-- Replies  1 marked; 0 the message is not known any more, or was never settled
if redis.call('HEXISTS', KEYS[1], 'settled:' .. ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'settled:' .. ARGV[1], ARGV[2])
return 1
