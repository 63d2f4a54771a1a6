-- Records the outcome of an attempt, releases the claim, and adds the message to the list of its state.
--
-- arg.stateKey     the key of its state, partition.lua
-- arg.id           its id, '' if that is its identity's
-- arg.name         its name in lists
-- arg.state        new state; after 'deferred' another attempt may follow, after any other state none does
-- arg.record       sealed record
-- arg.attempts     attempts so far, kept with 'deferred': a claim that asked no relay is none
-- arg.request      sealed request, kept with 'deferred' if it is not yet
-- arg.keptUntil    when its state may expire, Unix milliseconds; it never moves to an earlier time
-- arg.owner        the mailer that claimed
-- arg.now          Unix milliseconds
-- arg.identity     the identity's id (identity-bytes.ts)
-- arg.digest       what the Message-ID shows
-- arg.findableMs   how long the name is found by that digest; 0: it is not
--
-- Replies 1 recorded; 0 not recorded: the message is complete already, another mailer has the claim, or it
-- was deferred when the lease was over and no copy of it is kept
--- @include clock
--- @include partition

local id, state = arg.id, arg.state
local key = prefix .. 'm:' .. arg.stateKey
local value = redis.call('GET', key)

-- ZREM comes before all other writes of a run, because a full Redis allows it, and then the writes after it.
-- A mail that was sent must be recorded.
local function write_first(is_kept)
  if not has_written then
    redis.call('ZREM', prefix .. 'under-way', arg.name)
    has_written = true
  elseif is_kept then
    remove_from('under-way', arg.name)
  end
end

if state == 'sent' and id == '' and value and is_first_claim(value, arg.owner) then
  write_first(false)
  redis.call('SET', key, first_sent(arg.identity, arg.record), 'KEEPTTL')
  add_to('state:sent', arg.now, arg.name)
  return 1
end

-- The state may have expired between claim and record.
local known = value and fields_of(value)
local fields = known or {}

if fields['c:' .. id] then
  -- A complete message stays complete for every claim: a mail that went out must not go out again.
  remove_from('under-way', arg.name)
  return 0
end
local is_kept = fields['r:' .. id]
if state == 'deferred' then
  -- If another mailer has the claim by now, that mailer records the outcome.
  local lease = fields['l:' .. id]
  if not lease or owner_of(lease) ~= arg.owner then return 0 end
  -- Without a copy only the lease has shown that something was under way. After it the number may have been
  -- used, and nobody was promised the mail.
  if not is_kept and tonumber(string.match(lease, '^%d+')) <= clock() then return 0 end
  fields['l:' .. id], fields['d:' .. id], fields['a:' .. id] = nil, arg.record, arg.attempts
  if not fields.x then fields['r:' .. id] = is_kept or arg.request end
else
  if fields['d:' .. id] then remove_from('state:deferred', arg.name) end
  fields['l:' .. id], fields['r:' .. id], fields['a:' .. id], fields['d:' .. id] = nil, nil, nil, nil
  fields['c:' .. id] = arg.record
  if id == '' and arg.findableMs ~= '0' then fields.i = arg.identity end
end
write_first(is_kept)
write(key, fields, not known and arg.keptUntil)
add_to('state:' .. state, arg.now, arg.name)
if id ~= '' and arg.findableMs ~= '0' then
  redis.call('SET', prefix .. 'id:' .. arg.digest, arg.name, 'PX', arg.findableMs)
end
return 1
