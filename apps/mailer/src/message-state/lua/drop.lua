-- Marks an identity as dropped: none of its messages is sent any more.
--
-- arg.identity   its id
-- arg.keptMs     how long to keep the mark when there is no message yet; a send call may still come
--
-- Replies the id of its newest message when that was waiting to be sent, else false
--- @include partition

local messages = prefix .. 'messages:' .. arg.identity
redis.call('HSET', messages, 'dropped', '1')
if redis.call('PTTL', messages) < 0 then redis.call('PEXPIRE', messages, arg.keptMs) end
local newest = redis.call('HGET', messages, 'newest')
if not newest or redis.call('HEXISTS', messages, 'deferred:' .. newest) == 0 then return false end
-- The request is deleted at once, because it will not be mailed.
redis.call('HDEL', messages, 'request:' .. newest)
return newest
