-- Records the outcome of an attempt, releases the claim, and adds the message to the list of its state.
--
-- ARGV[1]  name of the message
-- ARGV[2]  new state; after 'deferred' another attempt may follow, after any other state none does
-- ARGV[3]  sealed record
-- ARGV[4]  when its hash may expire, Unix milliseconds; it never moves to an earlier time
-- ARGV[5]  owner: the mailer that claimed
-- ARGV[6]  now, Unix milliseconds
-- ARGV[7]  digest that the Message-ID shows
-- ARGV[8]  how long the name is found by that digest, milliseconds; 0: it is not
--
-- Replies  1 recorded; 0 not recorded: the message is complete already, or another mailer has the claim
local name, state = ARGV[1], ARGV[2]
local messages, id = messages_of(name)
local was_kept

if state == 'deferred' then
  local completed, lease, attempts = unpack(redis.call('HMGET', messages, 'completed:' .. id, 'lease:' .. id, 'attempts:' .. id))
  if completed then
    remove_from('under-way', name)
    return 0
  end
  -- If another mailer has the claim by now, that mailer records the outcome.
  if not lease or owner_of(lease) ~= ARGV[5] then return 0 end
  redis.call('HDEL', messages, 'lease:' .. id)
  redis.call('HSET', messages, 'deferred:' .. id, ARGV[3])
  was_kept = attempts
else
  -- This comes first because it frees memory, so that a full Redis accepts the rest. A mail that was sent
  -- must be recorded.
  was_kept = redis.call('HDEL', messages, 'lease:' .. id, 'request:' .. id, 'attempts:' .. id, 'deferred:' .. id) > 0
  -- A complete message stays complete, whoever holds the claim: a mail that went out must not go out again.
  if redis.call('HSETNX', messages, 'completed:' .. id, ARGV[3]) == 0 then
    remove_from('under-way', name)
    return 0
  end
  -- Removed without asking first: one more name in a ZREM costs less than a query.
  remove_from('state:deferred', name)
end
-- The hash may have expired between claim and record. Without this the write would leave it without TTL.
if not was_kept then keep(messages, ARGV[4]) end
remove_from('under-way', name)
add_to('state:' .. state, ARGV[6], name)
if ARGV[8] ~= '0' then redis.call('SET', prefix .. 'id:' .. ARGV[7], name, 'PX', ARGV[8]) end
return 1
