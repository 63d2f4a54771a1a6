-- Remove: an identity is revoked, or its mail was refused for good and the address's limit is refunded.
--
-- ARGV 1 the identity: number digest and salt (16 bytes)
--      2… to refund: the canonical address digest for each key of the ring, newest first; none = no refund
-- Replies {'removed'}   {'gone'}

local digest, salt = string.sub(ARGV[1], 1, 12), string.sub(ARGV[1], 13)
local record = redis.call('GET', space .. 'n:' .. digest)
if not record or salt_of(record) ~= salt then return { 'gone' } end
remove(digest, record)
if #ARGV >= 2 then
  -- The newest moment is that of the mail that was refused.
  local canonical = adopt('a:', column(2, 1, 1))
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
