-- Marks an identity as gone: none of its messages is sent any more.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  how long the mark is kept in milliseconds when there is no message yet, because the call to send one may still be
--          under way
--
-- Replies  the id of its newest message when that was waiting to be sent, else false
redis.call('HSET', KEYS[1], 'dropped', '1')
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local newest = redis.call('HGET', KEYS[1], 'newest')
if not newest or redis.call('HEXISTS', KEYS[1], 'deferred:' .. newest) == 0 then return false end
-- What would have been mailed is not kept a moment longer.
redis.call('HDEL', KEYS[1], 'request:' .. newest)
return newest
