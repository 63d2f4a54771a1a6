-- Puts a message into the list of the state that it has reached, and takes it out of the others it may stand in.
--
-- KEYS[1]  messages under way (sorted set by the end of their lease), see message-space.ts
-- KEYS[2]  deferred messages (sorted set by their last change)
-- KEYS[3]  messages in the state reached (sorted set by their last change); may be KEYS[2]
-- ARGV[1]  name of the message
-- ARGV[2]  moment of the change, Unix milliseconds
-- ARGV[3]  how long lists are kept after their last change, milliseconds
-- ARGV[4]  how many messages a list keeps, the latest ones
--
-- Replies  nothing
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - tonumber(ARGV[4]))
redis.call('PEXPIRE', KEYS[3], ARGV[3])
