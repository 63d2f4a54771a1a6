-- Prolongs the lease on a message while its attempt lasts.
--
-- KEYS[1]  the identity's messages (hash), see message-store.ts
-- ARGV[1]  message id
-- ARGV[2]  owner: the mailer that claimed
-- ARGV[3]  lease in milliseconds, from now
--
-- Replies  1 prolonged; 0 the claim is not this mailer's (any more)
local lease = redis.call('HGET', KEYS[1], 'lease:' .. ARGV[1])
if not lease or string.match(lease, ' (.*)$') ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[1], 'lease:' .. ARGV[1], string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. ARGV[2])
return 1
