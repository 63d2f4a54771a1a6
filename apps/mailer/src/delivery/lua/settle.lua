-- Records how an attempt ended, and gives the claim back.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  message id
-- ARGV[2]  owner: the mailer that claimed
-- ARGV[3]  '1' when the message is over, '0' when the attempt failed and another may follow
-- ARGV[4]  sealed record
-- ARGV[5]  when the hash may go, Unix milliseconds; it never moves to an earlier moment
--
-- Replies  1 recorded; 0 not recorded: the message was settled before, or the claim is another mailer's by now
local messages, id = KEYS[1], ARGV[1]

if redis.call('HEXISTS', messages, 'settled:' .. id) == 1 then return 0 end
local lease = redis.call('HGET', messages, 'lease:' .. id)
local ours = lease and string.match(lease, ' (.*)$') == ARGV[2]

if ARGV[3] == '1' then
  -- What is over is over, whoever holds the claim: a mail that went out must not go out again.
  redis.call('HDEL', messages, 'lease:' .. id, 'deferred:' .. id, 'request:' .. id)
  redis.call('HSET', messages, 'settled:' .. id, ARGV[4])
else
  if not ours then return 0 end
  redis.call('HDEL', messages, 'lease:' .. id)
  redis.call('HSET', messages, 'deferred:' .. id, ARGV[4])
end

-- The hash may have expired between claim and record; without this the write would have made it immortal.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if redis.call('PTTL', messages) < tonumber(ARGV[5]) - now then
  redis.call('PEXPIREAT', messages, ARGV[5])
end
return 1
