-- Session admit: adds a new session to the list of an admin, and takes the oldest off it that are too many
-- with the new one.
--
-- KEYS[1]        ids of the admin's sessions, by when they began (sorted set)
-- arg.id         of the new session
-- arg.beganAt    when it begins, ms
-- arg.oldest     what began before has ended, ms
-- arg.most       how many an admin may have
-- arg.keptMs     how long the list is kept
-- For each session that was found to have ended:
-- each.ended     its id
--
-- Replies the ids that are too many

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', arg.oldest)
for at = each.ended, #ARGV do redis.call('ZREM', KEYS[1], ARGV[at]) end
-- All but the newest, of which there may be one less than the most.
local over = redis.call('ZRANGE', KEYS[1], 0, -tonumber(arg.most))
for _, id in ipairs(over) do redis.call('ZREM', KEYS[1], id) end
redis.call('ZADD', KEYS[1], arg.beganAt, arg.id)
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
return over
