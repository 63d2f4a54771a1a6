-- Puts an address on a tenant's list; the oldest entries of a list that is too long go.
--
-- KEYS[1]      entries (hash from digest to sealed entry)
-- KEYS[2]      order (sorted set of digests by time)
-- KEYS[3]      stands if the tenant was deleted: when its late mails have ended, Unix milliseconds, or '' if
--              an older mailer wrote it. Nothing is added for a mail that was sent before
-- arg.sentAt   when the mail was sent, Unix milliseconds; 0 if that is not known
-- arg.field    digest of the address
-- arg.entry    sealed entry
-- arg.now      Unix milliseconds
-- arg.keptMs   how long the list is kept after its last change
-- arg.most     how many entries it keeps
--
-- Replies how many old entries went

local gone = redis.call('GET', KEYS[3])
if gone and tonumber(arg.sentAt) <= (tonumber(gone) or math.huge) then return 0 end
redis.call('HSET', KEYS[1], arg.field, arg.entry)
redis.call('ZADD', KEYS[2], arg.now, arg.field)
local beyond = redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(arg.most))
for _, digest in ipairs(beyond) do
  redis.call('HDEL', KEYS[1], digest)
  redis.call('ZREM', KEYS[2], digest)
end
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
redis.call('PEXPIRE', KEYS[2], arg.keptMs)
return #beyond
