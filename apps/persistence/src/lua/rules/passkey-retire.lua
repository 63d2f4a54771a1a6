-- Passkey retire: lets a passkey be removed, if an admin keeps another one. Two removals at once could each
-- leave the passkey that the other one removes. So an id that is let go counts no more from then on.
--
-- KEYS[1]      ids of all passkeys (set)
-- KEYS[2]      ids that were let go lately (hash)
-- arg.id       of the passkey to remove
-- arg.keptMs   how long an id is kept, at least
-- For each other passkey of the admin, as the caller has read it:
-- each.other   its id
--
-- Replies 1 it may be removed   0 the admin would have none left

local listed = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do listed[id] = true end
for at = each.other, #ARGV do
  if listed[ARGV[at]] and not redis.call('HGET', KEYS[2], ARGV[at]) then
    redis.call('HSET', KEYS[2], arg.id, '')
    redis.call('PEXPIRE', KEYS[2], arg.keptMs)
    return 1
  end
end
return 0
