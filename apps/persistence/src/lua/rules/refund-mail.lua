-- Refund mail: the mailer was certainly not asked for the mail of a register or resend, so the limit of the
-- address gets it back. The kept reply goes with it. Otherwise who repeats the call would get that mail,
-- which nothing counts. Who has repeated it already may have got it, so then nothing is given back.
--
-- arg.now         ms, or '' for the clock of Redis
-- arg.momentAt    where the moment of the call begins in its kept reply
-- For each key of the ring, newest first:
-- each.request    name of the call (partition.lua)
-- each.canonical  digest of the canonical address
--
-- Replies {'refunded'}   {'kept'} nothing was given back   {'late'}
--- @include clock
--- @include partition
--- @include addresses
--- @include identities

local now, moment_at = clock(arg.now), tonumber(arg.momentAt)
if too_late(now) then return { 'late' } end

local key, reply
for at = each.request, #ARGV, each.width do
  key = prefix .. 'r:' .. ARGV[at]
  reply = redis.call('GET', key)
  if reply then break end
end
if not reply or is_repeated(reply) then return { 'kept' } end
redis.call('DEL', key)

-- Exactly this moment, because another call may have added one since.
local counted = string.sub(reply, moment_at, moment_at + 7)
local canonical = rekey_address(now, each.canonical, each.width)
local entry = read_entry(canonical)
local log, pointer = log_in(entry), pointer_in(entry)
for at = #log - 7, 1, -8 do
  if string.sub(log, at, at + 7) == counted then
    local rest = string.sub(log, 1, at - 1) .. string.sub(log, at + 8)
    if rest == '' and pointer == NOBODY then
      delete_entry(canonical)
    else
      change_entry(canonical, entry, pointer, rest)
    end
    return { 'refunded' }
  end
end
return { 'kept' }
