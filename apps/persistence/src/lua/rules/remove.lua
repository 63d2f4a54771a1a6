-- Remove: an identity is revoked, or its mail was refused for good and the limit of the address gets a
-- refund.
--
-- ARGV 1 now in ms, or '' for the clock of Redis
--      2 the identity: number digest and salt (16 bytes)
--      3 the kind of the event: 'revoked' or 'rejected'
--      4 sealed detail of the event, or ''
--      5… for a refund: the canonical address digest for each key of the ring, newest first
-- Replies {'removed'}   {'gone'}   {'late'}
--- @include clock
--- @include partition
--- @include identities
--- @include events

local now = clock(ARGV[1])
local digest, salt = string.sub(ARGV[2], 1, 12), string.sub(ARGV[2], 13)
local record = redis.call('GET', prefix .. 'n:' .. digest)
if not record or salt_of(record) ~= salt then return { 'gone' } end
if too_late(now) then return { 'late' } end
remove(digest, record)
happened(now, ARGV[3], ARGV[2], ARGV[4])
if #ARGV >= 5 then
  -- The newest moment in the log is that of the refused mail.
  local canonical = rekey('a:', 5, 1)
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
