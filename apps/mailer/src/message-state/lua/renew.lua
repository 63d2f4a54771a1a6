-- Prolongs the lease on a message while its attempt lasts.
--
-- ARGV[1]  name of the message
-- ARGV[2]  owner: the mailer that claimed
-- ARGV[3]  lease in milliseconds, from now
-- ARGV[4]  when that is by the mailer's clock, Unix milliseconds
--
-- Replies  1 prolonged; 0 the claim is not this mailer's (any more)
local messages, id = messages_of(ARGV[1])
local lease = redis.call('HGET', messages, 'lease:' .. id)
if not lease or owner_of(lease) ~= ARGV[2] then return 0 end
redis.call('HSET', messages, 'lease:' .. id, string.format('%.0f', clock() + tonumber(ARGV[3])) .. ' ' .. ARGV[2])
add_to('under-way', ARGV[4], ARGV[1])
return 1
