-- Records the outcome of an attempt, releases the claim, and adds the message to the list of its state.
--
-- arg.name         name of the message
-- arg.state        new state; after 'deferred' another attempt may follow, after any other state none does
-- arg.record       sealed record
-- arg.keptUntil    when its hash may expire, Unix milliseconds; it never moves to an earlier time
-- arg.owner        the mailer that claimed
-- arg.now          Unix milliseconds
-- arg.digest       what the Message-ID shows
-- arg.findableMs   how long the name is found by that digest; 0: it is not
--
-- Replies 1 recorded; 0 not recorded: the message is complete already, or another mailer has the claim
--- @include partition

local name, state = arg.name, arg.state
local messages, id = messages_of(name)
local was_kept

if state == 'deferred' then
  local completed, lease, attempts = unpack(redis.call('HMGET', messages, 'completed:' .. id, 'lease:' .. id, 'attempts:' .. id))
  if completed then
    remove_from('under-way', name)
    return 0
  end
  -- If another mailer has the claim by now, that mailer records the outcome.
  if not lease or owner_of(lease) ~= arg.owner then return 0 end
  redis.call('HDEL', messages, 'lease:' .. id)
  redis.call('HSET', messages, 'deferred:' .. id, arg.record)
  was_kept = attempts
else
  -- This comes first because it frees memory, so that a full Redis accepts the rest. A mail that was sent
  -- must be recorded.
  was_kept = redis.call('HDEL', messages, 'lease:' .. id, 'request:' .. id, 'attempts:' .. id, 'deferred:' .. id) > 0
  -- A complete message stays complete for every claim: a mail that went out must not go out again.
  if redis.call('HSETNX', messages, 'completed:' .. id, arg.record) == 0 then
    remove_from('under-way', name)
    return 0
  end
  -- Removed without asking first: one more name in a ZREM costs less than a query.
  remove_from('state:deferred', name)
end
-- The hash may have expired between claim and record. Without this the write would leave it without TTL.
if not was_kept then keep(messages, arg.keptUntil) end
remove_from('under-way', name)
add_to('state:' .. state, arg.now, name)
if arg.findableMs ~= '0' then redis.call('SET', prefix .. 'id:' .. arg.digest, name, 'PX', arg.findableMs) end
return 1
