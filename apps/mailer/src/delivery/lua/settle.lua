-- Records how attempts ended, gives the claims back, and puts the messages into the lists of their states.
--
-- KEYS[1]  messages under way (sorted set by the end of their lease), see message-space.ts
-- KEYS[2]  deferred messages (sorted set by their last change)
-- then for each message three:
--          the messages of its identity (hash), see message-store.ts
--          messages in the state reached (sorted set by their last change); may be KEYS[2]
--          where its name is found by the Message-ID of its mail
-- ARGV[1]  owner: the mailer that claimed
-- ARGV[2]  now, Unix milliseconds
-- ARGV[3]  how long lists are kept after their last change, milliseconds
-- ARGV[4]  how many messages a list keeps, the latest ones
-- then for each message five:
--          name, see message-name.ts
--          '1' when the message is over, '0' when the attempt failed and another may follow
--          sealed record
--          when the hash may go, Unix milliseconds; it never moves to an earlier moment
--          how long the Message-ID is kept, milliseconds; 0: it is not kept
--
-- Replies  for each message
--          1 recorded; 0 not recorded: the message was settled before, or the claim is another mailer's by now
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function record(messages, id, is_over, sealed, keep_until)
  local settled, lease, attempts, deferred = unpack(redis.call('HMGET', messages, 'settled:' .. id, 'lease:' .. id,
    'attempts:' .. id, 'deferred:' .. id))
  if settled then return 0, deferred end
  if is_over then
    -- What is over is over, whoever holds the claim: a mail that went out must not go out again.
    redis.call('HDEL', messages, 'lease:' .. id, 'deferred:' .. id, 'request:' .. id, 'attempts:' .. id)
    redis.call('HSET', messages, 'settled:' .. id, sealed)
  else
    if not lease or string.match(lease, ' (.*)$') ~= ARGV[1] then return 0, deferred end
    redis.call('HDEL', messages, 'lease:' .. id)
    redis.call('HSET', messages, 'deferred:' .. id, sealed)
  end
  -- The hash may have expired between claim and record; without this the write would have made it immortal.
  if not attempts and redis.call('PTTL', messages) < tonumber(keep_until) - now then
    redis.call('PEXPIREAT', messages, keep_until)
  end
  return 1, deferred
end

local replies, done, lists = {}, {}, {}
for i = 1, (#KEYS - 2) / 3 do
  local key, at = 3 * i, 5 * i
  local messages, list, named = KEYS[key], KEYS[key + 1], KEYS[key + 2]
  local name, is_over = ARGV[at], ARGV[at + 1] == '1'
  local id = string.sub(name, string.find(name, ' ', 1, true) + 1)
  local recorded, deferred = record(messages, id, is_over, ARGV[at + 2], ARGV[at + 3])
  replies[i] = recorded
  -- A claim that is another mailer's by now leaves the lists to that one.
  if recorded == 1 or is_over then
    done[#done + 1] = name
    if deferred and is_over then redis.call('ZREM', KEYS[2], name) end
  end
  if recorded == 1 then
    lists[list] = lists[list] or {}
    local rows = lists[list]
    rows[#rows + 1] = ARGV[2]
    rows[#rows + 1] = name
    if tonumber(ARGV[at + 4]) > 0 then redis.call('SET', named, name, 'PX', ARGV[at + 4]) end
  end
end
if #done > 0 then redis.call('ZREM', KEYS[1], unpack(done)) end
for list, rows in pairs(lists) do
  redis.call('ZADD', list, unpack(rows))
  redis.call('ZREMRANGEBYRANK', list, 0, -1 - tonumber(ARGV[4]))
  redis.call('PEXPIRE', list, ARGV[3])
end
return replies
