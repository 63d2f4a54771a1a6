-- Resend: counts another mail with the same number, if the limit of the address allows it.
--
-- arg.now          ms, or '' for the clock of Redis
-- arg.keptMs       life of the kept reply
-- arg.mailRates    rates of mails to one address, or ''
-- arg.member       the identity: number digest and salt (16 bytes)
-- arg.detail       sealed detail of the event: the address
-- For each key of the ring, newest first:
-- each.request     digest of the call's name
-- each.canonical   digest of the canonical address
--
-- Replies {'resent', moment, record}   {'gone'}   {'limited', 'email', seconds}   {'late'}
--- @include clock
--- @include partition
--- @include addresses
--- @include identities
--- @include events
--- @include limits

local now, member = clock(arg.now), arg.member
local rates = rates_of[arg.mailRates]

local record = redis.call('GET', prefix .. 'n:' .. string.sub(member, 1, 12))
if not record or salt_of(record) ~= string.sub(member, 13) then return { 'gone' } end

for at = each.request, #ARGV, each.width do
  local reply = kept_reply(ARGV[at], true)
  if reply then return { 'resent', text_of(unpack_moment(reply)), record } end
end

if too_late(now) then return { 'late' } end

local canonical = rekey_address(now, each.canonical, each.width)
local entry = read_entry(canonical)
local wait = seconds_to_wait_in(log_in(entry), rates, now)
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'email', wait }
end
if #rates > 0 then
  write_entry(now, canonical, entry, pointer_in(entry), logged_in(log_in(entry), rates, now), rates.longest)
end
-- Clear the bit, because the outcome of this new mail was not reported yet (report.lua).
redis.call('SETRANGE', prefix .. 'n:' .. string.sub(member, 1, 12), 1, string.char(string.byte(record, 2) % 128))
-- The time to deliver this mail counts from here (events.lua).
local resent_key = prefix .. 's:' .. string.sub(member, 1, 12)
local left = math.max(1, redis.call('PTTL', prefix .. 'n:' .. string.sub(member, 1, 12)))
redis.call('SET', resent_key, pack_moment(now), 'PX', text_of(left))
happened(now, 'resent', member, arg.detail)
redis.call('SET', prefix .. 'r:' .. ARGV[each.request], pack_moment(now), 'PX', arg.keptMs)
return { 'resent', text_of(now), record }
