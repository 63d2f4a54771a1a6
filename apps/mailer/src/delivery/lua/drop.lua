-- Marks an identity as gone: none of its messages is sent any more.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  how long the mark is kept in milliseconds when there is no message yet, because the call to send one may still be
--          under way
--
-- Replies  1 when there were messages, 0 when the mark is all there is
local known = redis.call('EXISTS', KEYS[1])
redis.call('HSET', KEYS[1], 'dropped', '1')
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return known
