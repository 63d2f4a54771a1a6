-- Prolongs the leases on messages while their attempts last.
--
-- KEYS[1]  messages under way (sorted set by the end of their lease), see message-space.ts
-- KEYS[2…] for each message the messages of its identity (hash), see message-store.ts
-- ARGV[1]  owner: the mailer that claimed
-- ARGV[2]  lease in milliseconds, from now
-- ARGV[3]  when that is by the mailer's clock, Unix milliseconds
-- then for each message its name, see message-name.ts
--
-- Replies  for each message 1 prolonged; 0 the claim is not this mailer's (any more)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local replies = {}
for i = 1, #KEYS - 1 do
  local messages, name = KEYS[i + 1], ARGV[3 + i]
  local id = string.sub(name, string.find(name, ' ', 1, true) + 1)
  local lease = redis.call('HGET', messages, 'lease:' .. id)
  local ours = lease and string.match(lease, ' (.*)$') == ARGV[1]
  if ours then
    redis.call('HSET', messages, 'lease:' .. id, string.format('%.0f', now + tonumber(ARGV[2])) .. ' ' .. ARGV[1])
    redis.call('ZADD', KEYS[1], ARGV[3], name)
  end
  replies[i] = ours and 1 or 0
end
return replies
