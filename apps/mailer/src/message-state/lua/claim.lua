-- Claims one message for one attempt to send it, so that of all callers on all mailers one sends it.
--
-- arg.name        name of the message
-- arg.keptUntil   when its state may go, Unix milliseconds; it never moves to an earlier moment
-- arg.request     sealed request, kept until the message is over, so that any mailer can go on with it
-- arg.retry       '1' when this is the retry that a deferred message waits for
-- arg.owner       names the mailer that claims
-- arg.leaseMs     lease: after it others may claim, because this mailer must have died
-- arg.leaseEnds   when that is by the mailer's clock, Unix milliseconds
--
-- Replies {'claimed', attempt}     it is yours, and this is its how-manieth attempt, from 1
--         {'taken', attempt}       another caller is at it
--         {'completed', record}    it is over; the sealed record of it
--         {'deferred', record}     it waits for its next attempt; the sealed record of the last one
--         {'dropped'}              the identity is gone; send nothing
--- @include clock
--- @include partition

local name = arg.name
local key, known, id = messages_of(name)
local fields = known or {}
local completed, lease, deferred, attempts = fields['c:' .. id], fields['l:' .. id], fields['d:' .. id], fields['a:' .. id]

if completed or fields.x then
  remove_from('under-way', name)
  return completed and { 'completed', completed } or { 'dropped' }
end
if lease and tonumber(string.match(lease, '^%d+')) > clock() then return { 'taken', tonumber(attempts) } end
if deferred and arg.retry ~= '1' then
  remove_from('under-way', name)
  return { 'deferred', deferred }
end

local attempt = tonumber(attempts or 0) + 1
local ends = string.format('%.0f', clock() + tonumber(arg.leaseMs))
fields['a:' .. id], fields['l:' .. id], fields['r:' .. id], fields.n = tostring(attempt), ends .. ' ' .. arg.owner, arg.request, id
write(key, fields, not known and arg.keptUntil)
if known and redis.call('PTTL', key) < tonumber(arg.keptUntil) - clock() then redis.call('PEXPIREAT', key, arg.keptUntil) end
-- From here on another mailer continues if this one dies.
add_to('under-way', arg.leaseEnds, name)
return { 'claimed', attempt }
