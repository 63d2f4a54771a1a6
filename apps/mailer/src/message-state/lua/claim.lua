-- Claims one message for one attempt to send it, so that of all callers on all mailers one sends it.
--
-- arg.state       the key of its state, partition.lua
-- arg.id          its id, '' if that is its identity's
-- arg.name        its name in lists
-- arg.keptUntil   when its state may go, Unix milliseconds; it never moves to an earlier moment
-- arg.retry       '1' when this is the retry that a deferred message waits for
-- arg.owner       names the mailer that claims
-- arg.leaseMs     lease: after it others may claim, because this mailer must have died
-- arg.leaseEnds   when that is by the mailer's clock, Unix milliseconds. Mailers look by it for what a
--                 dead one left. Whether a lease has ended is for Redis's clock alone to say, so that of
--                 mailers whose clocks differ never two send.
-- arg.always      '1': a full Redis, too, is to write it
--
-- Replies {'claimed', attempt, now}   it is yours; attempt: the count of its attempts, from 1; now: Redis's
--                                  clock, Unix milliseconds
--         {'taken', attempt}       another caller is at it
--         {'completed', record}    it is over; the sealed record of it
--         {'deferred', record}     it waits for its next attempt; the sealed record of the last one
--         {'dropped'}              the identity is gone; send nothing
--- @include clock
--- @include partition

if arg.always == '1' then write_despite_full() end
local id, lease_now = arg.id, lease_of(clock(), arg.leaseMs, arg.owner)
if id == '' and redis.call('SET', prefix .. 'm:' .. arg.state, first_claim(lease_now), 'NX', 'PXAT', arg.keptUntil) then
  note_lease(arg.leaseEnds, arg.owner)
  return { 'claimed', 1, clock() }
end
local key, known = read(arg.state)
local fields = known or {}
local completed, lease, deferred, attempts = fields['c:' .. id], fields['l:' .. id], fields['d:' .. id], fields['a:' .. id]

if completed or fields.x then
  remove_from('under-way', arg.name)
  if deferred then remove_from('state:deferred', arg.name) end
  return completed and { 'completed', completed } or { 'dropped' }
end
if lease and tonumber(string.match(lease, '^%d+')) > clock() then return { 'taken', tonumber(attempts) } end
if deferred and arg.retry ~= '1' then
  remove_from('under-way', arg.name)
  return { 'deferred', deferred }
end

local attempt = tonumber(attempts or 0) + 1
fields['a:' .. id] = tostring(attempt)
fields['l:' .. id] = lease_now
fields.n = id ~= '' and id or nil
write(key, fields, not known and arg.keptUntil)
if known and redis.call('PTTL', key) < tonumber(arg.keptUntil) - clock() then redis.call('PEXPIREAT', key, arg.keptUntil) end
note_lease(arg.leaseEnds, arg.owner)
-- A kept message is sent by another mailer if this one dies.
if fields['r:' .. id] then add_to('under-way', arg.leaseEnds, arg.name) end
return { 'claimed', attempt, clock() }
