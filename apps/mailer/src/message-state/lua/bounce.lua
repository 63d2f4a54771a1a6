-- Marks a message that was sent as bounced.
--
-- arg.name     name of the message
-- arg.record   sealed record
--
-- Replies 1 marked; 0 the message is unknown, or was never completed
--- @include partition

local messages, id = messages_of(arg.name)
if redis.call('HEXISTS', messages, 'completed:' .. id) == 0 then return 0 end
redis.call('HSET', messages, 'completed:' .. id, arg.record)
return 1
