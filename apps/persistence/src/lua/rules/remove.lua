-- Remove: an identity is revoked, or its mail was refused for good and the limit of the address gets a
-- refund.
--
-- arg.now      ms, or '' for the clock of Redis
-- arg.member   the identity: number digest and salt (16 bytes)
-- arg.event    the kind of the event: 'revoked' or 'rejected'
-- arg.detail   sealed detail of the event, or ''
-- arg.reason   with 'rejected': the class of why, or ''
-- For a refund, for each key of the ring, newest first:
-- each.canonical   digest of the canonical address
--
-- Replies {'removed'}   {'gone'}   {'late'}
--- @include clock
--- @include partition
--- @include addresses
--- @include identities
--- @include events

local now = clock(arg.now)
local digest, salt = string.sub(arg.member, 1, 12), string.sub(arg.member, 13)
local record = redis.call('GET', prefix .. 'n:' .. digest)
if not record or salt_of(record) ~= salt then return { 'gone' } end
if too_late(now) then return { 'late' } end
remove(digest, record)
happened(now, arg.event, arg.member, arg.detail)
if arg.event == 'rejected' then tally_reason(now, 'rejected', arg.reason) end
if ARGV[each.canonical] then
  -- The newest moment in the log is that of the refused mail.
  local canonical = rekey_address(now, each.canonical, each.width)
  local entry = read_entry(canonical)
  local log, pointer = log_in(entry), pointer_in(entry)
  if #log == 8 and pointer == NOBODY then
    delete_entry(canonical)
  elseif log ~= '' then
    change_entry(canonical, entry, pointer, string.sub(log, 1, -9))
  end
end
return { 'removed' }
