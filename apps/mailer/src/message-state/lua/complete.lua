-- Records the outcome of an attempt, releases the claim, and adds the message to the list of its state.
--
-- arg.name         name of the message
-- arg.state        new state; after 'deferred' another attempt may follow, after any other state none does
-- arg.record       sealed record
-- arg.keptUntil    when its state may expire, Unix milliseconds; it never moves to an earlier time
-- arg.owner        the mailer that claimed
-- arg.now          Unix milliseconds
-- arg.digest       what the Message-ID shows
-- arg.findableMs   how long the name is found by that digest; 0: it is not
--
-- Replies 1 recorded; 0 not recorded: the message is complete already, or another mailer has the claim
--- @include partition

local name, state = arg.name, arg.state
local key, known, id, identity = messages_of(name)
-- The state may have expired between claim and record.
local fields = known or {}

if fields['c:' .. id] then
  -- A complete message stays complete for every claim: a mail that went out must not go out again.
  remove_from('under-way', name)
  return 0
end
if state == 'deferred' then
  -- If another mailer has the claim by now, that mailer records the outcome.
  local lease = fields['l:' .. id]
  if not lease or owner_of(lease) ~= arg.owner then return 0 end
  fields['l:' .. id], fields['d:' .. id] = nil, arg.record
else
  fields['l:' .. id], fields['r:' .. id], fields['a:' .. id], fields['d:' .. id] = nil, nil, nil, nil
  fields['c:' .. id] = arg.record
  -- Removed without asking first: one more name in a ZREM costs less than a query.
  remove_from('state:deferred', name)
end
-- ZREM comes before all other writes of a run, because a full Redis allows it, and then the writes after it.
-- A mail that was sent must be recorded.
if has_written then
  remove_from('under-way', name)
else
  redis.call('ZREM', prefix .. 'under-way', name)
  has_written = true
end
write(key, fields, not known and arg.keptUntil)
add_to('state:' .. state, arg.now, name)
if arg.findableMs ~= '0' then redis.call('SET', prefix .. 'id:' .. arg.digest, id == '' and identity or name, 'PX', arg.findableMs) end
return 1
