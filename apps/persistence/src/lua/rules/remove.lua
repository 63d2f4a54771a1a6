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
  local canonical = rekey('a:', each.canonical, each.width)
  local value = redis.call('GET', canonical)
  if value and #value > 20 then
    redis.call('SET', canonical, string.sub(value, 1, -9), 'KEEPTTL')
  elseif value and #value == 20 then
    -- The log is empty now, so keep the key only for a pointer.
    if string.sub(value, 1, 12) == NOBODY then
      redis.call('DEL', canonical)
    else
      redis.call('SET', canonical, string.sub(value, 1, 12), 'KEEPTTL')
    end
  end
end
return { 'removed' }
