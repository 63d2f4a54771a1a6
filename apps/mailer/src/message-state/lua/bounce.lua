-- Marks a message that was sent as bounced.
--
-- ARGV[1]  name of the message
-- ARGV[2]  sealed record
--
-- Replies  1 marked; 0 the message is unknown, or was never completed
local messages, id = messages_of(ARGV[1])
if redis.call('HEXISTS', messages, 'completed:' .. id) == 0 then return 0 end
redis.call('HSET', messages, 'completed:' .. id, ARGV[2])
return 1
