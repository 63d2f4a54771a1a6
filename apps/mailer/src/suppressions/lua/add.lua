-- Puts addresses on a tenant's list, each unless it stands there already, up to the list's bound.
--
-- KEYS[1]      entries (hash from digest to sealed entry)
-- KEYS[2]      order (sorted set of digests by time)
-- arg.keptMs   how long the list is kept after its last change
-- arg.most     how many entries it keeps
-- arg.keys     how many keys the ring has; each address has so many digests, that of the newest key first
-- For each address its digests, its sealed entry and its time in Unix milliseconds:
-- each.value   one of these
--
-- Replies for each address 'added', 'known' or 'full'

local entries, order = KEYS[1], KEYS[2]
local digests = tonumber(arg.keys)
local free = tonumber(arg.most) - redis.call('HLEN', entries)
local replies = {}
for first = each.value, #ARGV, digests + 2 do
  local known = false
  for i = first, first + digests - 1 do
    known = known or redis.call('HEXISTS', entries, ARGV[i]) == 1
  end
  if known then
    table.insert(replies, 'known')
  elseif free < 1 then
    table.insert(replies, 'full')
  else
    free = free - 1
    redis.call('HSET', entries, ARGV[first], ARGV[first + digests])
    redis.call('ZADD', order, ARGV[first + digests + 1], ARGV[first])
    table.insert(replies, 'added')
  end
end
if redis.call('EXISTS', entries) == 1 then
  redis.call('PEXPIRE', entries, arg.keptMs)
  redis.call('PEXPIRE', order, arg.keptMs)
end
return replies
