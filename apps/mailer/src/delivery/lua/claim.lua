-- Claims one message for one attempt to send it, so that of all callers on all mailers one sends it.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  message id
-- ARGV[2]  owner: names the mailer that claims
-- ARGV[3]  lease in milliseconds: after it others may claim, because this mailer must have died
-- ARGV[4]  when the hash may go, Unix milliseconds; it never moves to an earlier moment
-- ARGV[5]  sealed request, kept until the message is over, so that any mailer can go on with it
-- ARGV[6]  '1' when this is the retry that a deferred message waits for
--
-- Replies  {'claimed', attempt}   it is yours, and this is its how-manieth attempt, from 1
--          {'taken', attempt}     another caller is at it
--          {'settled', record}    it is over; the sealed record of it
--          {'deferred', record}   it waits for its next attempt; the sealed record of the last one
--          {'dropped'}            the identity is gone; send nothing
local messages, id = KEYS[1], ARGV[1]

local settled = redis.call('HGET', messages, 'settled:' .. id)
if settled then return { 'settled', settled } end
if redis.call('HEXISTS', messages, 'dropped') == 1 then return { 'dropped' } end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease = redis.call('HGET', messages, 'lease:' .. id)
if lease and tonumber(string.match(lease, '^%d+')) > now then
  return { 'taken', tonumber(redis.call('HGET', messages, 'attempts:' .. id)) }
end
local deferred = redis.call('HGET', messages, 'deferred:' .. id)
if deferred and ARGV[6] ~= '1' then return { 'deferred', deferred } end

local attempt = redis.call('HINCRBY', messages, 'attempts:' .. id, 1)
redis.call('HSET', messages, 'lease:' .. id, string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. ARGV[2],
  'request:' .. id, ARGV[5], 'newest', id)
if redis.call('PTTL', messages) < tonumber(ARGV[4]) - now then
  redis.call('PEXPIREAT', messages, ARGV[4])
end
return { 'claimed', attempt }
