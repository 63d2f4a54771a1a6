-- Passkey reserve: counts a passkey of an admin before it is written, if there is room for it. The list that
-- the caller has read may be older than a passkey that another call has added meanwhile. That one is here.
--
-- KEYS[1]      ids of the admin's passkeys that were added lately (hash)
-- arg.id       of the passkey
-- arg.most     how many an admin may have
-- arg.keptMs   how long an id is kept, at least
-- For each passkey of the admin in the list as it was read:
-- each.known   its id
--
-- Replies 1 reserved, or it was before   0 there is no room

local many = redis.call('HLEN', KEYS[1])
for at = each.known, #ARGV do
  if ARGV[at] == arg.id then return 1 end
  if not redis.call('HGET', KEYS[1], ARGV[at]) then many = many + 1 end
end
-- What was reserved by a call whose write failed counts already, and now for the whole time again.
if not redis.call('HGET', KEYS[1], arg.id) then
  if many >= tonumber(arg.most) then return 0 end
  redis.call('HSET', KEYS[1], arg.id, '')
end
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
return 1
