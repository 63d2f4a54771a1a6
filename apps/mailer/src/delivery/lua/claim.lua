-- Claims messages for one attempt each to send them, so that of all callers on all mailers one sends a message.
--
-- KEYS[1]  messages under way (sorted set by the end of their lease), see message-space.ts
-- KEYS[2…] for each message the messages of its identity (hash), see message-store.ts
-- ARGV[1]  owner: names the mailer that claims
-- ARGV[2]  lease in milliseconds: after it others may claim, because this mailer must have died
-- ARGV[3]  when that is by the mailer's clock, Unix milliseconds
-- ARGV[4]  how long lists are kept after their last change, milliseconds
-- then for each message four:
--          name, see message-name.ts
--          when the hash may go, Unix milliseconds; it never moves to an earlier moment
--          sealed request, kept until the message is over, so that any mailer can go on with it
--          '1' when this is the retry that a deferred message waits for
--
-- Replies  for each message
--          {'claimed', attempt}   it is yours, and this is its how-manieth attempt, from 1
--          {'taken', attempt}     another caller is at it
--          {'settled', record}    it is over; the sealed record of it
--          {'deferred', record}   it waits for its next attempt; the sealed record of the last one
--          {'dropped'}            the identity is gone; send nothing
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease = string.format('%.0f', now + tonumber(ARGV[2])) .. ' ' .. ARGV[1]

local function claim(messages, id, keep_until, request, retry)
  local settled, dropped, held, deferred, attempts, newest = unpack(redis.call('HMGET', messages, 'settled:' .. id, 'dropped',
    'lease:' .. id, 'deferred:' .. id, 'attempts:' .. id, 'newest'))
  if settled then return { 'settled', settled } end
  if dropped then return { 'dropped' } end
  if held and tonumber(string.match(held, '^%d+')) > now then return { 'taken', tonumber(attempts) } end
  if deferred and retry ~= '1' then return { 'deferred', deferred } end

  local attempt = tonumber(attempts or 0) + 1
  redis.call('HSET', messages, 'attempts:' .. id, attempt, 'lease:' .. id, lease, 'request:' .. id, request, 'newest', id)
  if not newest or redis.call('PTTL', messages) < tonumber(keep_until) - now then
    redis.call('PEXPIREAT', messages, keep_until)
  end
  return { 'claimed', attempt }
end

local replies, claimed, over = {}, {}, {}
for i = 1, #KEYS - 1 do
  local at = 4 * i + 1
  local name = ARGV[at]
  local id = string.sub(name, string.find(name, ' ', 1, true) + 1)
  local reply = claim(KEYS[i + 1], id, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
  replies[i] = reply
  if reply[1] == 'claimed' then
    claimed[#claimed + 1] = ARGV[3]
    claimed[#claimed + 1] = name
  elseif reply[1] ~= 'taken' then
    over[#over + 1] = name
  end
end
-- From here on a mailer that finds this one dead goes on with them.
if #claimed > 0 then
  redis.call('ZADD', KEYS[1], unpack(claimed))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
if #over > 0 then redis.call('ZREM', KEYS[1], unpack(over)) end
return replies
