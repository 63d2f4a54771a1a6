-- Remove: an identity is revoked, or its mail was refused for good and the address's limit is refunded.
--
-- ARGV 1 now in ms, or '' for Redis's clock               3 what it is called: 'revoked' or 'rejected'
--      2 the identity: number digest and salt (16 bytes)  4 what is sealed for the event, or ''
--      5… to refund: the canonical address digest for each key of the ring, newest first; none = no refund
-- Replies {'removed'}   {'gone'}   {'late'}

local now = clock(ARGV[1])
local digest, salt = string.sub(ARGV[2], 1, 12), string.sub(ARGV[2], 13)
local record = redis.call('GET', prefix .. 'n:' .. digest)
if not record or salt_of(record) ~= salt then return { 'gone' } end
if too_late(now) then return { 'late' } end
remove(digest, record)
happened(now, ARGV[3], ARGV[2], ARGV[4])
if #ARGV >= 5 then
  -- The newest moment is that of the mail that was refused.
  local canonical = rekey('a:', 5, 1)
  local value = redis.call('GET', canonical)
  if value and #value > 20 then
    redis.call('SET', canonical, string.sub(value, 1, -9), 'KEEPTTL')
  elseif value and #value == 20 then
    -- Nothing is counted any more; a pointer that lives keeps the key.
    if string.sub(value, 1, 12) == NOBODY then
      redis.call('DEL', canonical)
    else
      redis.call('SET', canonical, string.sub(value, 1, 12), 'KEEPTTL')
    end
  end
end
return { 'removed' }
